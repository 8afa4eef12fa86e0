/**
 * From what a model thinks of its tokens to how often such words are right. A model is surer than it should be of the
 * words that it has chosen itself; a line over its log odds mends that (Platt, Probabilistic Outputs for Support Vector
 * Machines, 1999; of language models, Guo et al., On Calibration of Modern Neural Networks, 2017, arXiv 1706.04599).
 */
import { nextWord } from '../../document/words';
import type { ScoredText } from './scored-text';
import { modelWeights } from './source-weights';

/** @returns the same text by words, each with the probability that it is right where those before it are */
export function calibrate(generated: ScoredText): ScoredText {
  const words = scoreWords(generated);
  return { ...words, logProbs: words.logProbs.map(logProb => Math.log(sigmoid(modelLogit(logProb)))) };
}

/** @returns the text by words, each as likely as the tokens that begin in it */
export function scoreWords({ text, tokenTexts, logProbs }: ScoredText): ScoredText {
  const words: string[] = [];
  const sums: number[] = [];
  let token = 0;
  let tokenStart = 0;
  for (let at = 0; at < text.length; at += words.at(-1)!.length) {
    const word = nextWord(text, at);
    let sum = 0;
    for (; token < tokenTexts.length && tokenStart < at + word.length; token++) {
      sum += logProbs[token]!;
      tokenStart += tokenTexts[token]!.length;
    }
    words.push(word);
    sums.push(sum);
  }
  return { text, tokenTexts: words, logProbs: sums };
}

/** Probabilities closer to 0 or 1 say no more: a model's last decimals are not worth a log odds without bound. */
const mostLogit = 6;

/** Log odds of a probability, as they go into a sum of weights. */
export function logitOf(logProb: number): number {
  const logit = logProb - Math.log1p(-Math.min(Math.exp(logProb), 1 - Number.EPSILON));
  return Math.max(-mostLogit, Math.min(mostLogit, logit));
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function modelLogit(logProb: number): number {
  return modelWeights.bias + modelWeights.logit * logitOf(logProb);
}
