/** For a vocabulary without fill-in-the-middle marks: the text before the cursor, and nothing else. */
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { PromptLayout } from './prompt-layout';

export function createPrefixOnly(tokenizer: Tokenizer): PromptLayout {
  const end = tokenizer.special('<|endoftext|>');
  return {
    endIds: end === undefined ? [] : [end],
    takesSuffix: false,
    encode: ({ prefix }) => tokenizer.encode(prefix),
  };
}
