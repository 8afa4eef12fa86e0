/** A text with the probability of each of its tokens or words. */
import { nextWord } from '../../document/words';

export interface ScoredText {
  readonly text: string;
  /** What each token or word added. Together they begin with `text`, and may be longer than `text`. */
  readonly tokenTexts: readonly string[];
  /** Natural logarithm of each one's probability. */
  readonly logProbs: readonly number[];
}

/** @returns the same text by words. A word is as likely as all tokens that begin in it together. */
export function byWords({ text, tokenTexts, logProbs }: ScoredText): ScoredText {
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

/**
 * The text without its first `length` characters, which the user has typed. A token that is typed in full is certain
 * from then on. A token that is typed in part stays as likely as it was: when it was taken for certain, words that were
 * 40 % right were shown as 97 % (docs/log.md, "Copies: what was tried").
 */
export function dropTyped({ text, tokenTexts, logProbs }: ScoredText, length: number): ScoredText {
  let start = 0;
  const tokens = tokenTexts.map((token, index) => {
    const typed = Math.min(token.length, Math.max(0, length - start));
    start += token.length;
    return { text: token.slice(typed), logProb: typed > 0 && typed === token.length ? 0 : logProbs[index]! };
  });
  return {
    text: text.slice(length),
    tokenTexts: tokens.map(token => token.text),
    logProbs: tokens.map(token => token.logProb),
  };
}
