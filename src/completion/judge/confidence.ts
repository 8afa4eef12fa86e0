/**
 * How far a text can be believed, by the probabilities of its words. Pure; knows nothing of what the text says but where
 * a line ends.
 */
import { isLineBreak } from '../../document/words';
import type { ScoredText } from './scored-text';

export interface Judgement {
  /** What may be shown; undefined if the text is not likely enough. */
  readonly text: string | undefined;
  /** Probability that all of it is right; of what is not shown, that all of the whole text is. */
  readonly confidence: number;
}

/**
 * Cuts a text where showing it saves most: characters times the probability that they are right, among the cuts that
 * are as likely as `least`. Behind the first line only whole lines are shown.
 * @param words calibrated (`calibrate.ts`)
 * @param least 0 to 1; 0 lets everything pass as it is
 */
export function judgeConfidence({ text, tokenTexts: words, logProbs }: ScoredText, least: number): Judgement {
  let best: Judgement = { text: undefined, confidence: 0 };
  let mostSaved = 0;
  let end = 0;
  let probability = 1;
  for (const [index, word] of words.entries()) {
    end += word.length;
    probability *= Math.exp(logProbs[index]!);
    const next = words[index + 1];
    const isLineEnd = next === undefined || isLineBreak(next);
    if (!isLineEnd && text.slice(0, end).trimStart().includes('\n')) continue;
    // The key that accepts it is a key too.
    const saved = probability * (end - 1);
    if (probability < least || saved <= mostSaved) continue;
    best = { text: text.slice(0, end), confidence: probability };
    mostSaved = saved;
  }
  const whole = { text: text === '' ? undefined : text, confidence: text === '' ? 0 : probability };
  if (least === 0) return whole;
  return best.text === undefined ? { ...whole, text: undefined } : best;
}
