/** Decides how much of a text is shown, by the probabilities of its words. Of the text itself it knows only the line ends. */
import { type Calibration, calibratedProbability } from '../common/calibration';
import { isLineBreak, nextWord } from '../document/words';

export interface Judgement {
  /** The part that may be shown; undefined if no part is likely enough. */
  readonly text: string | undefined;
  /** Probability that this part is right. If no part may be shown: that the whole text is right. */
  readonly confidence: number;
}

/**
 * Cuts a text where showing it saves most keys: its length times the probability that it is right. Only cuts that are at
 * least `min` likely count. After the first line only whole lines are shown.
 * @param words calibrated by `calibrate`
 * @param min 0 to 1; 0 keeps the whole text; more than 1 keeps nothing
 */
export function judge({ text, parts: words, logProbs }: ScoredText, min: number): Judgement {
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

/** @returns the probability that the words are right that begin in the first `length` characters */
export function beginningProbability({ parts: words, logProbs }: ScoredText, length: number): number {
  let sum = 0;
  let start = 0;
  for (const [index, word] of words.entries()) {
    if (start >= length) break;
    sum += logProbs[index]!;
    start += word.length;
  }
  return Math.exp(sum);
}

/** What a model wrote, token by token, and how to read its probabilities. */
export interface WrittenText extends ScoredText {
  readonly calibration: Calibration;
  /** The model was stopped where the rest was too unlikely to be shown. */
  readonly isCut?: boolean;
}

/**
 * Whether the judge, given `min`, decides as if the model had written to the end. While the user types along, what was
 * unlikely becomes certain, so that the missing rest of a text that was cut could be shown.
 */
export function isEnough(written: WrittenText, min: number): boolean {
  if (!written.isCut) return true;
  return Math.exp(calibrate(written).logProbs.reduce((sum, logProb) => sum + logProb, 0)) < min;
}

/**
 * Turns a model's probabilities into how often such words are right (`common/calibration.ts`).
 * @returns the same text by words, each with the probability that it is right if the words before it are
 */
export function calibrate(written: WrittenText): ScoredText {
  const words = byWords(written);
  const logProbs = words.logProbs.map(logProb =>
    Math.log(calibratedProbability(logProb, written.calibration)),
  );
  return { ...words, logProbs };
}

/** A text in parts, tokens or words, with the probability of each. */
export interface ScoredText {
  readonly text: string;
  /** The tokens or words. Together they begin with `text`, and may be longer than `text`. */
  readonly parts: readonly string[];
  /** Natural logarithm of each one's probability. */
  readonly logProbs: readonly number[];
}

/** @returns the same text by words. Its probability is the product of those of the tokens that begin in it. */
export function byWords({ text, parts, logProbs }: ScoredText): ScoredText {
  const words: string[] = [];
  const sums: number[] = [];
  let token = 0;
  let tokenStart = 0;
  for (let at = 0; at < text.length; at += words.at(-1)!.length) {
    const word = nextWord(text, at);
    let sum = 0;
    for (; token < parts.length && tokenStart < at + word.length; token++) {
      sum += logProbs[token]!;
      tokenStart += parts[token]!.length;
    }
    words.push(word);
    sums.push(sum);
  }
  return { text, parts: words, logProbs: sums };
}

/**
 * The text without its first `length` characters, which the user has typed. A token that is typed in full is certain
 * from then on. A token that is typed in part stays as likely as it was: counted as certain, words looked far too likely
 * (docs/log.md, "Copies: what was tried").
 */
export function dropTyped({ text, parts, logProbs }: ScoredText, length: number): ScoredText {
  let start = 0;
  const tokens = parts.map((token, index) => {
    const typed = Math.min(token.length, Math.max(0, length - start));
    start += token.length;
    return { text: token.slice(typed), logProb: typed > 0 && typed === token.length ? 0 : logProbs[index]! };
  });
  return {
    text: text.slice(length),
    parts: tokens.map(token => token.text),
    logProbs: tokens.map(token => token.logProb),
  };
}
