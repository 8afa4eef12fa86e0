/** A text, token by token or word by word, with what its source thought of each. */
export interface ScoredText {
  readonly text: string;
  /** What each added to the text; together they begin with `text`, and may go on behind its end. */
  readonly tokenTexts: readonly string[];
  /** Natural logarithm of each one's probability. */
  readonly logProbs: readonly number[];
}

/**
 * The text without its first `length` characters, which the user has typed. A token that the user has typed, or begun
 * to type, is certain from then on: its probability is 1.
 */
export function dropTyped({ text, tokenTexts, logProbs }: ScoredText, length: number): ScoredText {
  let start = 0;
  const tokens = tokenTexts.map((token, index) => {
    const typed = Math.min(token.length, Math.max(0, length - start));
    start += token.length;
    return { text: token.slice(typed), logProb: typed > 0 ? 0 : logProbs[index]! };
  });
  return {
    text: text.slice(length),
    tokenTexts: tokens.map(token => token.text),
    logProbs: tokens.map(token => token.logProb),
  };
}
