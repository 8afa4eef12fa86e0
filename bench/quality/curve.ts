/**
 * What a threshold of confidence would do. For most peers the same answers are replayed, without those below the
 * threshold. One run of the model is enough: its answer at a place does not depend on what the user saw before.
 */
import { type Figures, figuresOf } from './measures';
import { type Recording, record } from './record';
import { type Replay, replay, type Suggest } from './replay';
import type { Stretch } from './stretches';

export interface CurvePoint extends Figures {
  readonly threshold: number;
}

/** The threshold 0 shows everything. */
const thresholds = [...Array.from({ length: 50 }, (_, step) => step / 50), 0.99];
/** Fewer thresholds, for a peer that is asked again at each. */
const askedThresholds = Array.from({ length: 19 }, (_, step) => (step + 1) / 20);

export function replayAll(recordings: readonly Recording[]): Replay[] {
  return recordings.map(({ stretch, answers }) => replay(stretch, answers));
}

export function curveOf(recordings: readonly Recording[]): CurvePoint[] {
  return thresholds.map(threshold => {
    const replays = recordings.map(({ stretch, answers }) =>
      replay(stretch, answers, ({ confidence }) => confidence >= threshold),
    );
    return { threshold, ...figuresOf(replays) };
  });
}

/** The curve of a peer that cuts its suggestions by the confidence that is asked for. */
export async function askCurve(
  suggestFrom: (minConfidence: number) => Suggest,
  stretches: readonly Stretch[],
): Promise<CurvePoint[]> {
  const curve: CurvePoint[] = [];
  for (const threshold of askedThresholds) {
    const recordings = await record(stretches, suggestFrom(threshold));
    curve.push({ threshold, ...figuresOf(replayAll(recordings)) });
  }
  return curve;
}

/** Of the points that reach `precision`, the one that saves most; undefined if no point reaches it. */
export function bestAt(curve: readonly CurvePoint[], precision: number): CurvePoint | undefined {
  return curve
    .filter(point => point.precision !== undefined && point.precision >= precision)
    .sort((a, b) => b.saved - a.saved || a.threshold - b.threshold)[0];
}
