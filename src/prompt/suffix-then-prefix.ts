/**
 * Codestral's layout: `[SUFFIX]suffix[PREFIX]prefix`, and the model goes on with the prefix. No mark stands at the
 * cursor, so typing only appends.
 * Source: https://github.com/mistralai/mistral-common, `encode_fim`.
 */
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { PromptLayout } from './prompt-layout';
import { findOtherFilesSpelling } from './spell-other-files';

export function createSuffixThenPrefix(
  tokenizer: Tokenizer,
  { prefix: prefixMark, suffix: suffixMark }: { readonly prefix: number; readonly suffix: number },
  endIds: readonly number[],
): PromptLayout {
  const others = findOtherFilesSpelling(tokenizer);
  return {
    endIds: [...endIds, prefixMark, suffixMark],
    takesSuffix: true,
    readsOtherFiles: others.hasMarks,
    encode({ prefix, suffix, ...text }) {
      const { ids, head } = others.spell(text);
      return [
        ...ids,
        suffixMark,
        ...(suffix === '' ? [] : tokenizer.encode(suffix)),
        prefixMark,
        ...tokenizer.encode(head + prefix),
      ];
    },
  };
}
