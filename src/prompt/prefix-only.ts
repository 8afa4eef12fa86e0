/** For a vocabulary without fill-in-the-middle marks: the text before the cursor, and nothing of the document else. */
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { PromptLayout } from './prompt-layout';
import { findOtherFilesSpelling } from './spell-other-files';

/** @param endIds tokens after which a text is over */
export function createPrefixOnly(tokenizer: Tokenizer, endIds = defaultEndIds(tokenizer)): PromptLayout {
  const others = findOtherFilesSpelling(tokenizer);
  return {
    endIds,
    takesSuffix: false,
    readsOtherFiles: others.hasMarks,
    encode({ prefix, ...text }) {
      const { ids, head } = others.spell(text);
      return [...ids, ...tokenizer.encode(head + prefix)];
    },
  };
}

function defaultEndIds(tokenizer: Tokenizer): readonly number[] {
  const end = tokenizer.special('<|endoftext|>');
  return end === undefined ? [] : [end];
}
