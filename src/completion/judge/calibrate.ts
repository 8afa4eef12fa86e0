/**
 * Turns a model's probabilities into how often such words are right. A model is too sure of the words that it has chosen.
 * A linear function of the log odds corrects that (Platt, Probabilistic Outputs for Support Vector Machines, 1999; for neural
 * networks, Guo et al., On Calibration of Modern Neural Networks, 2017, arXiv 1706.04599).
 */
import type { Calibration } from '../../checkpoint/model-source';
import { byWords, type ScoredText } from './scored-text';

/** What a model wrote, token by token, and how to read its probabilities. */
export interface WrittenText extends ScoredText {
  readonly calibration: Calibration;
}

/** @returns the same text by words, each with the probability that it is right if the words before it are */
export function calibrate(written: WrittenText): ScoredText {
  const { bias, logit } = written.calibration;
  const words = byWords(written);
  const probability = (logProb: number) => sigmoid(bias + logit * logitOf(logProb));
  return { ...words, logProbs: words.logProbs.map(logProb => Math.log(probability(logProb))) };
}

/** Log odds beyond this are cut: the last decimals of a model's probability mean nothing. */
const maxLogit = 6;

/** @param logProb natural logarithm of a probability @returns its log odds, from -6 to 6 */
export function logitOf(logProb: number): number {
  const logit = logProb - Math.log1p(-Math.min(Math.exp(logProb), 1 - Number.EPSILON));
  return Math.max(-maxLogit, Math.min(maxLogit, logit));
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
