/**
 * Prefix-suffix-middle (Bavarian et al., arXiv 2207.14255), as most families are trained on it:
 *
 *     PREFIX_MARK prefix SUFFIX_MARK suffix MIDDLE_MARK
 *
 * and the model writes the middle. The suffix stands behind the cursor's text, so each keystroke computes it again.
 */
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { PromptLayout } from './prompt-layout';
import { findOtherFilesSpelling } from './spell-other-files';

export interface FillInMiddleMarks {
  readonly prefix: number;
  readonly suffix: number;
  readonly middle: number;
}

export function createPrefixSuffixMiddle(
  tokenizer: Tokenizer,
  { prefix: prefixMark, suffix: suffixMark, middle: middleMark }: FillInMiddleMarks,
  endIds: readonly number[],
): PromptLayout {
  const others = findOtherFilesSpelling(tokenizer);
  return {
    endIds: [...endIds, prefixMark, suffixMark, middleMark],
    takesSuffix: true,
    readsOtherFiles: others.hasMarks,
    encode({ prefix, suffix, ...text }) {
      const { ids, head } = others.spell(text);
      return [
        ...ids,
        prefixMark,
        ...tokenizer.encode(head + prefix),
        suffixMark,
        ...(suffix === '' ? [] : tokenizer.encode(suffix)),
        middleMark,
      ];
    },
  };
}
