import type { ScoredText } from '../../src/completion/scored-text';

/** What one token added to a text, and how sure the model was of it. */
export interface TextToken {
  /** Empty while a character is unfinished. */
  readonly text: string;
  /** Natural logarithm of the token's probability. */
  readonly logProb: number;
}

export function textTokens({
  tokenTexts,
  logProbs,
}: Pick<ScoredText, 'tokenTexts' | 'logProbs'>): TextToken[] {
  return tokenTexts.map((text, index) => ({ text, logProb: logProbs[index]! }));
}
