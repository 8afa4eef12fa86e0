/** Asks at every stop of every stretch, so that any user can be replayed on the answers. */
import type { Recording } from './curve';
import type { Suggest, Suggestion } from './replay';
import { type Stretch, stopsOf } from './stretches';

/** @param report told after each stretch how many are done */
export async function record(
  stretches: readonly Stretch[],
  suggest: Suggest,
  report: (done: number) => void = () => undefined,
): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const stretch of stretches) {
    const answers = new Map<number, Suggestion>();
    for (const at of stopsOf(stretch)) {
      const suggestion = await suggest(stretch, at);
      if (suggestion !== undefined) answers.set(at, suggestion);
    }
    report(recordings.push({ stretch, answers }));
  }
  return recordings;
}
