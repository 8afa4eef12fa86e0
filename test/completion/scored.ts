import type { ScoredText } from '../../src/completion/judge';

/** A text of these tokens, each with its probability. */
export function scored(...tokens: readonly (readonly [text: string, probability: number])[]): ScoredText {
  return {
    text: tokens.map(([text]) => text).join(''),
    parts: tokens.map(([text]) => text),
    logProbs: tokens.map(([, probability]) => Math.log(probability)),
  };
}

/** A text that is certain, with one character per token. */
export const sure = (text: string): ScoredText =>
  scored(...[...text].map(character => [character, 1] as const));
