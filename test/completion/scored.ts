import type { ScoredText } from '../../src/completion/judge';

/** A text whose tokens are given with their probabilities. */
export function scored(...tokens: readonly (readonly [text: string, probability: number])[]): ScoredText {
  return {
    text: tokens.map(([text]) => text).join(''),
    tokenTexts: tokens.map(([text]) => text),
    logProbs: tokens.map(([, probability]) => Math.log(probability)),
  };
}

/** A text that the model is sure of, one character a token. */
export const sure = (text: string): ScoredText =>
  scored(...[...text].map(character => [character, 1] as const));
