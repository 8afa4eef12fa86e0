/**
 * How a place in a document becomes the token ids that a model was trained to continue: one layout for the bundled model,
 * four for other families. A mark is a special token that says which part of the text comes next.
 */
import type { Tokenizer } from '../tokenizer/tokenizer';
import { findOtherFilesSpelling, type PromptFiles } from './spell-other-files';

export interface PromptText extends PromptFiles {
  /** The text before the cursor, from the window's first line. */
  readonly prefix: string;
  /** The text from the cursor, or from the end of its line, to the window's last line. */
  readonly suffix: string;
}

/** Where the text that the prompt shows after the cursor begins. */
export type SuffixStart = 'cursor' | 'line end';

export interface PromptLayout {
  /** The model's text is over at these tokens. */
  readonly endIds: readonly number[];
  /** Undefined if the prompt shows nothing after the cursor. */
  readonly suffixFrom: SuffixStart | undefined;
  /** Whether the vocabulary has a mark between files. Then the model was trained with several files of one repository. */
  readonly readsOtherFiles: boolean;
  encode(text: PromptText): number[];
}

/**
 * Suffix-prefix-middle, variant 2 (Bavarian et al., arXiv 2207.14255), as the bundled model was trained on it:
 *
 *     <|fim_prefix|><|fim_suffix|>SUFFIX<|fim_middle|><|path|>FOLDER/FILE\nPREFIX
 *
 * The model continues the prefix. No mark stands at the cursor, so typing only appends, and the KV cache keeps the suffix
 * and the prefix. Without a suffix it is `<|path|>FOLDER/FILE\nPREFIX`. Other files come first, each of them as
 * (`train/sotto_train/documents.py`):
 *
 *     <|path|>FOLDER/FILE\nTEXT<|file_sep|>
 *
 * The bundled model has seen hardly any suffix that begins inside a line, so its suffix begins at the end of the line.
 * @returns undefined if the vocabulary lacks one of the marks
 */
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
  // A vocabulary has it if the model was trained with several files in a window.
  const fileSeparator = tokenizer.special('<|file_sep|>');
  const marks = [end, prefixMark, suffixMark, middleMark, pathMark];
  return {
    // A mark in the middle of code means that the model has begun another document.
    endIds: fileSeparator === undefined ? marks : [...marks, fileSeparator],
    suffixFrom: 'line end',
    readsOtherFiles: fileSeparator !== undefined,
    encode({ path, prefix, suffix, otherFiles = [] }) {
      const file = (name: string, text: string) => [pathMark, ...tokenizer.encode(`${name}\n${text}`)];
      // Without a separator, the mark that ends a document ends a file.
      const others = otherFiles.flatMap(other => [...file(other.path, other.text), fileSeparator ?? end]);
      const document = file(path, prefix);
      if (suffix === '') return [...others, ...document];
      return [...others, prefixMark, suffixMark, ...tokenizer.encode(suffix), middleMark, ...document];
    },
  };
}

/**
 * Codestral's layout: `[SUFFIX]suffix[PREFIX]prefix`. The model continues the prefix. No mark stands at the cursor, so
 * typing only appends. Source: https://github.com/mistralai/mistral-common, `encode_fim`.
 * @param endIds tokens that end a text in this vocabulary
 */
export function createSuffixThenPrefix(
  tokenizer: Tokenizer,
  { prefix: prefixMark, suffix: suffixMark }: { readonly prefix: number; readonly suffix: number },
  endIds: readonly number[],
): PromptLayout {
  const others = findOtherFilesSpelling(tokenizer);
  return {
    endIds: [...endIds, prefixMark, suffixMark],
    suffixFrom: 'cursor',
    readsOtherFiles: others.hasMarks,
    encode({ prefix, suffix, ...text }) {
      const { ids, head } = others.spell(text);
      return [
        ...ids,
        suffixMark,
        ...encodeSuffix(tokenizer, suffix),
        prefixMark,
        ...tokenizer.encode(head + prefix),
      ];
    },
  };
}

export interface FillInMiddleMarks {
  readonly prefix: number;
  readonly suffix: number;
  readonly middle: number;
}

/**
 * Prefix-suffix-middle (Bavarian et al., arXiv 2207.14255), as most families are trained on it:
 *
 *     PREFIX_MARK prefix SUFFIX_MARK suffix MIDDLE_MARK
 *
 * The model writes the middle. The suffix stands after the prefix, so each keystroke computes the suffix again.
 * @param endIds tokens that end a text in this vocabulary
 */
export function createPrefixSuffixMiddle(
  tokenizer: Tokenizer,
  { prefix: prefixMark, suffix: suffixMark, middle: middleMark }: FillInMiddleMarks,
  endIds: readonly number[],
): PromptLayout {
  const others = findOtherFilesSpelling(tokenizer);
  return {
    endIds: [...endIds, prefixMark, suffixMark, middleMark],
    suffixFrom: 'cursor',
    readsOtherFiles: others.hasMarks,
    encode({ prefix, suffix, ...text }) {
      const { ids, head } = others.spell(text);
      return [
        ...ids,
        prefixMark,
        ...tokenizer.encode(head + prefix),
        suffixMark,
        ...encodeSuffix(tokenizer, suffix),
        middleMark,
      ];
    },
  };
}

/**
 * Suffix-prefix-middle with a mark at the cursor, as Seed-Coder (arXiv 2506.03524) and Mellum (arXiv 2510.05788) are
 * trained on it:
 *
 *     SUFFIX_MARK suffix PREFIX_MARK prefix MIDDLE_MARK
 *
 * The suffix stands first, so the KV cache keeps it while the user types.
 * @param endIds tokens that end a text in this vocabulary
 */
export function createSuffixFirst(
  tokenizer: Tokenizer,
  { prefix: prefixMark, suffix: suffixMark, middle: middleMark }: FillInMiddleMarks,
  endIds: readonly number[],
): PromptLayout {
  const others = findOtherFilesSpelling(tokenizer);
  return {
    endIds: [...endIds, prefixMark, suffixMark, middleMark],
    suffixFrom: 'cursor',
    readsOtherFiles: others.hasMarks,
    encode({ prefix, suffix, ...text }) {
      const { ids, head } = others.spell(text);
      return [
        ...ids,
        suffixMark,
        ...encodeSuffix(tokenizer, suffix),
        prefixMark,
        ...tokenizer.encode(head + prefix),
        middleMark,
      ];
    },
  };
}

/** No family is trained with a space in front of the suffix. In CodeLlama and Codestral, `encode` would put one there. */
function encodeSuffix(tokenizer: Tokenizer, suffix: string): readonly number[] {
  if (suffix === '') return [];
  return tokenizer.encodeInside?.(suffix) ?? tokenizer.encode(suffix);
}

/** The same layout for a prompt that shows nothing after the cursor. */
export function withoutSuffix(layout: PromptLayout): PromptLayout {
  return { ...layout, suffixFrom: undefined, encode: text => layout.encode({ ...text, suffix: '' }) };
}

/**
 * For a vocabulary without fill-in-the-middle marks: the model sees the text before the cursor, and not the text after it.
 * @param endIds tokens that end a text in this vocabulary
 */
export function createPrefixOnly(tokenizer: Tokenizer, endIds = defaultEndIds(tokenizer)): PromptLayout {
  const others = findOtherFilesSpelling(tokenizer);
  return {
    endIds,
    suffixFrom: undefined,
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
