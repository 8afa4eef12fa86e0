/** Asks at every stop of every stretch. Any user can then be replayed on the answers. */
import type { Peer } from './peers';
import type { Answers, Suggest, Suggestion } from './replay';
import { type Stretch, stopsOf } from './stretches';

export interface Recording {
  readonly stretch: Stretch;
  readonly answers: Answers;
}

export async function record(stretches: readonly Stretch[], suggest: Suggest): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const stretch of stretches) {
    const answers = new Map<number, Suggestion>();
    for (const at of stopsOf(stretch)) {
      const suggestion = await suggest(stretch, at);
      if (suggestion !== undefined) answers.set(at, suggestion);
    }
    recordings.push({ stretch, answers });
  }
  return recordings;
}

/** Records a peer, and prints to standard error how long it took. */
export async function recordPeer(peer: Peer, stretches: readonly Stretch[]): Promise<Recording[]> {
  const start = performance.now();
  const recordings = await record(stretches, peer.suggest);
  console.error(`${peer.name} (${peer.what}): ${((performance.now() - start) / 1000).toFixed(0)} s`);
  return recordings;
}
