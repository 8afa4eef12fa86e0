/**
 * What a threshold of confidence would do: the same answers, replayed with those below it not shown. One run of the
 * model is enough, because what it says at a place does not depend on what the user was shown before.
 */
import { type Figures, figuresOf } from './measures';
import { type Answers, type Replay, replay } from './replay';
import type { Stretch } from './stretches';
import type { TextToken } from './text-token';

export interface Recording {
  readonly stretch: Stretch;
  readonly answers: Answers;
}

/** Ways to one number between 0 and 1 from the log probabilities of a suggestion's tokens. */
export const confidences = {
  /** Of the whole suggestion being what the model would write. */
  product: logProbs => Math.exp(sum(logProbs)),
  /** Geometric mean: the length does not count. */
  mean: logProbs => Math.exp(sum(logProbs) / logProbs.length),
  least: logProbs => Math.exp(Math.min(...logProbs)),
  first: logProbs => Math.exp(logProbs[0]!),
} satisfies Record<string, (logProbs: readonly number[]) => number>;

export type Confidence = keyof typeof confidences;

export interface CurvePoint extends Figures {
  readonly threshold: number;
}

/** 0 shows everything. */
const thresholds = [...Array.from({ length: 50 }, (_, step) => step / 50), 0.99];

export function replayAll(recordings: readonly Recording[]): Replay[] {
  return recordings.map(({ stretch, answers }) => replay(stretch, answers));
}

export function curveOf(recordings: readonly Recording[], confidence: Confidence): CurvePoint[] {
  return thresholds.map(threshold => {
    const isConfident = ({ tokens }: { readonly tokens: readonly TextToken[] }) =>
      tokens.length === 0 || confidences[confidence](tokens.map(({ logProb }) => logProb)) >= threshold;
    const replays = recordings.map(({ stretch, answers }) => replay(stretch, answers, isConfident));
    return { threshold, ...figuresOf(replays) };
  });
}

/** The point that saves most of those that are right often enough; undefined if none is. */
export function bestAt(curve: readonly CurvePoint[], precision: number): CurvePoint | undefined {
  return curve
    .filter(point => point.precision !== undefined && point.precision >= precision)
    .sort((a, b) => b.saved - a.saved || a.threshold - b.threshold)[0];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
