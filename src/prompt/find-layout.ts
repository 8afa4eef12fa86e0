/**
 * The layout that a vocabulary's own marks speak for; prefix only where it has none. A checkpoint's name is never
 * looked at: fine-tunes keep their tokens and change their names.
 */
import type { Tokenizer } from '../tokenizer/tokenizer';
import { createPrefixOnly } from './prefix-only';
import { createPrefixSuffixMiddle } from './prefix-suffix-middle';
import type { PromptLayout } from './prompt-layout';
import { createSuffixPrefixMiddle } from './suffix-prefix-middle';
import { createSuffixThenPrefix } from './suffix-then-prefix';

export interface FoundLayout {
  /** For people: which families have it. */
  readonly name: string;
  readonly layout: PromptLayout;
}

interface Family {
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
  /** None: the suffix comes first, and the prefix is gone on with. */
  readonly middle?: string;
}

/** The marks of each family. Two that share them share a row. */
const families: readonly Family[] = [
  {
    name: 'Qwen2.5-Coder, CodeGemma, Granite',
    prefix: '<|fim_prefix|>',
    suffix: '<|fim_suffix|>',
    middle: '<|fim_middle|>',
  },
  { name: 'StarCoder, Granite', prefix: '<fim_prefix>', suffix: '<fim_suffix>', middle: '<fim_middle>' },
  {
    name: 'SantaCoder',
    prefix: '<fim-prefix>',
    suffix: '<fim-suffix>',
    middle: '<fim-middle>',
  },
  // "Hole" stands where the middle is missing, so before the suffix.
  {
    name: 'DeepSeek-Coder',
    prefix: '<｜fim▁begin｜>',
    suffix: '<｜fim▁hole｜>',
    middle: '<｜fim▁end｜>',
  },
  { name: 'CodeLlama', prefix: '▁<PRE>', suffix: '▁<SUF>', middle: '▁<MID>' },
  { name: 'Codestral', prefix: '[PREFIX]', suffix: '[SUFFIX]' },
];

/** Other marks that begin or end a document, wherever they are known. */
const endNames = [
  '<|endoftext|>',
  '<|im_end|>',
  '<|file_sep|>',
  '<|repo_name|>',
  '<|fim_pad|>',
  '<|file_separator|>',
  '<file_sep>',
  '<repo_name>',
  '<fim_pad>',
  '▁<EOT>',
  '</s>',
];

/** Marks that may stand in a prompt of any layout. */
export const markNames: readonly string[] = [
  '<|path|>',
  '<|file_sep|>',
  ...families.flatMap(({ prefix, suffix, middle }) => [prefix, suffix, ...(middle ? [middle] : [])]),
  ...endNames,
];

export function findLayout(tokenizer: Tokenizer): FoundLayout {
  const own = createSuffixPrefixMiddle(tokenizer);
  if (own !== undefined) return { name: 'Sotto', layout: own };
  const endIds = endIdsOf(tokenizer);
  for (const { name, ...marks } of families) {
    const [prefix, suffix] = [tokenizer.special(marks.prefix), tokenizer.special(marks.suffix)];
    const middle = marks.middle === undefined ? undefined : tokenizer.special(marks.middle);
    if (prefix === undefined || suffix === undefined) continue;
    if (middle !== undefined)
      return { name, layout: createPrefixSuffixMiddle(tokenizer, { prefix, suffix, middle }, endIds) };
    if (marks.middle === undefined)
      return { name, layout: createSuffixThenPrefix(tokenizer, { prefix, suffix }, endIds) };
  }
  if (tokenizer.fillInMiddle !== undefined)
    return {
      name: "the file's own marks",
      layout: createPrefixSuffixMiddle(tokenizer, tokenizer.fillInMiddle, endIds),
    };
  return { name: 'prefix only', layout: createPrefixOnly(tokenizer, endIds) };
}

function endIdsOf(tokenizer: Tokenizer): readonly number[] {
  const named = endNames.map(name => tokenizer.special(name)).filter(id => id !== undefined);
  return [...new Set([...(tokenizer.endIds ?? []), ...named])];
}
