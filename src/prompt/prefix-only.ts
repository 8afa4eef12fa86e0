/** For a vocabulary without fill-in-the-middle marks: the text before the cursor, and nothing else. */
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { PromptLayout } from './prompt-layout';

/** @param endIds tokens after which a text is over */
export function createPrefixOnly(tokenizer: Tokenizer, endIds = defaultEndIds(tokenizer)): PromptLayout {
  const start = tokenizer.startId === undefined ? [] : [tokenizer.startId];
  return {
    endIds,
    takesSuffix: false,
    encode: ({ prefix }) => [...start, ...tokenizer.encode(prefix)],
  };
}

function defaultEndIds(tokenizer: Tokenizer): readonly number[] {
  const end = tokenizer.special('<|endoftext|>');
  return end === undefined ? [] : [end];
}
