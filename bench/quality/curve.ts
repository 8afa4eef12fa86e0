/**
 * What a threshold of confidence would do. Of most peers: the same answers, replayed with those below it not shown; one
 * run of the model is enough, because what it says at a place does not depend on what the user was shown before.
 */
import { type Figures, figuresOf } from './measures';
import { type Recording, record } from './record';
import { type Replay, replay, type Suggest } from './replay';
import type { Stretch } from './stretches';

export interface CurvePoint extends Figures {
  readonly threshold: number;
}

/** 0 shows everything. */
const thresholds = [...Array.from({ length: 50 }, (_, step) => step / 50), 0.99];
/** Fewer for a peer that is asked again at each. */
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

/** The curve of a peer whose suggestions are others where more confidence is asked for. */
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

/** The point that saves most of those that are right often enough; undefined if none is. */
export function bestAt(curve: readonly CurvePoint[], precision: number): CurvePoint | undefined {
  return curve
    .filter(point => point.precision !== undefined && point.precision >= precision)
    .sort((a, b) => b.saved - a.saved || a.threshold - b.threshold)[0];
}
