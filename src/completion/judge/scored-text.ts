/** A text, token by token or word by word, with what its source thought of each. */
export interface ScoredText {
  readonly text: string;
  /** What each added to the text; together they begin with `text`, and may go on behind its end. */
  readonly tokenTexts: readonly string[];
  /** Natural logarithm of each one's probability. */
  readonly logProbs: readonly number[];
}

/**
 * The text without its first `length` characters, which the user has typed. A token that the user has typed is certain
 * from then on; one that is begun is as likely as it was: to take it for certain showed words that were 40 % right as
 * 97 % (docs/log.md).
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
