/**
 * Suffix-prefix-middle, variant 2 (Bavarian et al., arXiv 2207.14255), as the bundled model was trained on it:
 *
 *     <|fim_prefix|><|fim_suffix|>SUFFIX<|fim_middle|><|path|>FOLDER/FILE\nPREFIX
 *
 * and the model goes on with the prefix. No token stands at the cursor, so typing only appends: the suffix and all of
 * the prefix stay in the cache. Without a suffix: `<|path|>FOLDER/FILE\nPREFIX`. Before either, for each other file
 * (`train/sotto_train/documents.py`):
 *
 *     <|path|>FOLDER/FILE\nTEXT<|file_sep|>
 */
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { PromptLayout } from './prompt-layout';

/** @returns undefined if the vocabulary lacks one of the marks */
export function createSuffixPrefixMiddle(tokenizer: Tokenizer): PromptLayout | undefined {
  const end = tokenizer.special('<|endoftext|>');
  const prefixMark = tokenizer.special('<|fim_prefix|>');
  const suffixMark = tokenizer.special('<|fim_suffix|>');
  const middleMark = tokenizer.special('<|fim_middle|>');
  const pathMark = tokenizer.special('<|path|>');
  if (
    end === undefined ||
    prefixMark === undefined ||
    suffixMark === undefined ||
    middleMark === undefined ||
    pathMark === undefined
  )
    return undefined;
  // Between files of a window, in a vocabulary that was trained with several.
  const fileSeparator = tokenizer.special('<|file_sep|>');
  const marks = [end, prefixMark, suffixMark, middleMark, pathMark];
  return {
    // A mark in the middle of code means that the model has begun another document.
    endIds: fileSeparator === undefined ? marks : [...marks, fileSeparator],
    takesSuffix: true,
    readsOtherFiles: fileSeparator !== undefined,
    encode({ path, prefix, suffix, otherFiles = [] }) {
      const file = (name: string, text: string) => [pathMark, ...tokenizer.encode(`${name}\n${text}`)];
      // Where the vocabulary has no separator, what ends a document ends a file.
      const others = otherFiles.flatMap(other => [...file(other.path, other.text), fileSeparator ?? end]);
      const document = file(path, prefix);
      if (suffix === '') return [...others, ...document];
      return [...others, prefixMark, suffixMark, ...tokenizer.encode(suffix), middleMark, ...document];
    },
  };
}
