/**
 * How a model's own probabilities are read. A model is too sure of what it has chosen; a linear function of the log odds
 * corrects that (Platt, Probabilistic Outputs for Support Vector Machines, 1999; for neural networks, Guo et al., On
 * Calibration of Modern Neural Networks, 2017, arXiv 1706.04599).
 */

/**
 * A word to which the model gives the log odds `x` is right with the log odds `bias + logit * x`.
 * `npm run -s fit:sources` fits both numbers.
 */
export interface Calibration {
  readonly bias: number;
  readonly logit: number;
}

/** @param logProb natural logarithm of the model's probability @returns how often such words are right, 0 to 1 */
export function calibratedProbability(logProb: number, { bias, logit }: Calibration): number {
  return sigmoid(bias + logit * logitOf(logProb));
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
