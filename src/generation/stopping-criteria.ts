/** When a generation is over. In ids and probabilities only: of the text it knows nothing. */
import { type Calibration, calibratedProbability } from '../common/calibration';
import type { StoppingCriteria, StopReason } from './engine';
import type { PredictedToken } from './predict';

/**
 * @returns a function that says, after each token, whether it was the last, and why. A token that the constraint of the
 * request asked for never ends the text as one of `lastIds`.
 */
export function createStoppingCriteria(
  { endIds, lastIds, maxTokens, maxMs, likelihood }: StoppingCriteria,
  elapsedMs: () => number,
): (token: PredictedToken, count: number) => StopReason | undefined {
  const ends = new Set(endIds);
  const lasts = new Set(lastIds);
  const isUnlikely = likelihood && createLikelihoodCriterion(likelihood, likelihood.min);
  return ({ id, logProb, freedom }, count) => {
    if (ends.has(id)) return 'end-token';
    if (lasts.has(id) && freedom === 'free') return 'last-token';
    // What was asked for is right, however unlikely the model finds it.
    if (freedom !== 'asked' && isUnlikely?.(logProb)) return 'unlikely';
    if (count >= maxTokens) return 'max-tokens';
    if (elapsedMs() >= maxMs) return 'max-time';
    return undefined;
  };
}

/**
 * The reader of a text cuts it where its words together are less likely than `min`. A word is right with the calibrated
 * probability of all its tokens. Where words begin is not known here. So this takes the division into words that makes
 * the text likeliest: if even that is less likely than `min`, so is the text, and all that could follow.
 *
 * @returns a function that hears the log probability of each new token, and says whether the text is now too unlikely
 */
export function createLikelihoodCriterion(
  calibration: Calibration,
  min: number,
): (logProb: number) => boolean {
  /** A margin, because a reader adds the same numbers in another order. */
  const limit = min * (1 - 1e-9);
  /** `best[n]`: the probability of the first `n` tokens, in their best division. `sums[n]`: of their log probabilities. */
  const best = [1];
  const sums = [0];
  return logProb => {
    const sum = sums.at(-1)! + logProb;
    const ofLastWord = (from: number) => best[from]! * calibratedProbability(sum - sums[from]!, calibration);
    best.push(Math.max(...sums.map((_, from) => ofLastWord(from))));
    sums.push(sum);
    return best.at(-1)! < limit;
  };
}
