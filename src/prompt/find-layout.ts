/**
 * Chooses a model's layout by the marks in its vocabulary. A vocabulary without marks gets the layout 'prefix only'. The
 * checkpoint's name does not count: a fine-tuned model keeps the tokens of its family and changes the name.
 */
import { decode, type Tokenizer } from '../tokenizer/tokenizer';
import {
  createPrefixOnly,
  createPrefixSuffixMiddle,
  createSuffixPrefixMiddle,
  createSuffixThenPrefix,
  type PromptLayout,
} from './prompt-layout';

export interface FoundLayout {
  /** The families that have it, for the user to read. */
  readonly name: string;
  readonly layout: PromptLayout;
}

interface Family {
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
  /** If it is left out, the suffix comes first, and the model continues the prefix. */
  readonly middle?: string;
}

/** The marks of each family. Families with the same marks share a row. */
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
  // The "hole" is the place where the middle is missing, so it comes before the suffix.
  {
    name: 'DeepSeek-Coder',
    prefix: '<｜fim▁begin｜>',
    suffix: '<｜fim▁hole｜>',
    middle: '<｜fim▁end｜>',
  },
  { name: 'CodeLlama', prefix: '▁<PRE>', suffix: '▁<SUF>', middle: '▁<MID>' },
  { name: 'Codestral', prefix: '[PREFIX]', suffix: '[SUFFIX]' },
];

/** Other marks that begin or end a document. Each counts in every vocabulary that has it. */
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
const markNames: readonly string[] = [
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

/** @returns the text of a prompt for a person to read, with its marks by their names */
export function spellPrompt(tokenizer: Tokenizer, ids: readonly number[]): string {
  const names = new Map(markNames.map(name => [tokenizer.special(name), name]));
  let spelled = '';
  let text: number[] = [];
  for (const id of ids) {
    if (tokenizer.bytes(id).length > 0) {
      text.push(id);
      continue;
    }
    spelled += decode(tokenizer, text) + (names.get(id) ?? `<${id}>`);
    text = [];
  }
  return spelled + decode(tokenizer, text);
}
