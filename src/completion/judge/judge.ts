/** Decides how much of a text is shown, by the probabilities of its words. Of the text itself it knows only the line ends. */
import { isLineBreak } from '../../document/words';
import type { ScoredText } from './scored-text';

export interface Judgement {
  /** The part that may be shown; undefined if no part is likely enough. */
  readonly text: string | undefined;
  /** Probability that this part is right. If no part may be shown: that the whole text is right. */
  readonly confidence: number;
}

/**
 * Cuts a text where showing it saves most keys: its length times the probability that it is right. Only cuts that are at
 * least `min` likely count. After the first line only whole lines are shown.
 * @param words calibrated (`calibrate.ts`)
 * @param min 0 to 1; 0 keeps the whole text; more than 1 keeps nothing
 */
export function judge({ text, tokenTexts: words, logProbs }: ScoredText, min: number): Judgement {
  let best: Judgement = { text: undefined, confidence: 0 };
  let maxSaved = 0;
  let end = 0;
  let probability = 1;
  for (const [index, word] of words.entries()) {
    end += word.length;
    probability *= Math.exp(logProbs[index]!);
    const next = words[index + 1];
    const isLineEnd = next === undefined || isLineBreak(next);
    if (!isLineEnd && text.slice(0, end).trimStart().includes('\n')) continue;
    // The key that accepts the text is a key too.
    const saved = probability * (end - 1);
    if (probability < min || saved <= maxSaved) continue;
    best = { text: text.slice(0, end), confidence: probability };
    maxSaved = saved;
  }
  const whole = { text: text === '' ? undefined : text, confidence: text === '' ? 0 : probability };
  if (min === 0) return whole;
  return best.text === undefined ? { ...whole, text: undefined } : best;
}
