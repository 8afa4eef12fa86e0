/**
 * Chooses a model's layout by the marks in its vocabulary. A vocabulary without marks gets the layout 'prefix only'. The
 * checkpoint's name does not count: a fine-tuned model keeps the tokens of its family and changes the name.
 */
import { decode, type Tokenizer } from '../tokenizer/tokenizer';
import {
  createPrefixOnly,
  createPrefixSuffixMiddle,
  createSuffixFirst,
  createSuffixPrefixMiddle,
  createSuffixThenPrefix,
  type PromptLayout,
  type SuffixStart,
  withoutSuffix,
} from './prompt-layout';
import { isMellum } from './spell-other-files';

export interface FoundLayout {
  /** The families that have it, for the user to read. */
  readonly name: string;
  readonly layout: PromptLayout;
  /** The layout for a model that has the marks and was never trained on them (`sotto.fillInTheMiddle`). */
  readonly prefixOnly: PromptLayout;
}

interface Family {
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
  /** If it is left out, the suffix comes first, and the model continues the prefix. */
  readonly middle?: string;
  readonly isSuffixFirst?: boolean;
  /** If other families have the same marks. */
  readonly matches?: (tokenizer: Tokenizer) => boolean;
}

/**
 * The marks of each family. Families with the same marks and the same order share a row.
 * Sources: Qwen2.5-Coder (arXiv 2409.12186), CodeGemma (ai.google.dev/gemma/docs/codegemma/prompt-structure), Granite
 * (ibm.com/granite/docs/models/granite#fim), StarCoder2 (arXiv 2402.19173), DeepSeek-Coder (arXiv 2401.14196), CodeLlama
 * (arXiv 2308.12950); for Codestral, Seed-Coder and Mellum see prompt-layout.ts. The last two rows are from llama.cpp,
 * `llama-vocab.cpp`.
 */
const families: readonly Family[] = [
  {
    name: 'Qwen2.5-Coder, CodeGemma, Granite',
    prefix: '<|fim_prefix|>',
    suffix: '<|fim_suffix|>',
    middle: '<|fim_middle|>',
  },
  {
    name: 'Mellum',
    prefix: '<fim_prefix>',
    suffix: '<fim_suffix>',
    middle: '<fim_middle>',
    isSuffixFirst: true,
    matches: isMellum,
  },
  { name: 'StarCoder, Granite', prefix: '<fim_prefix>', suffix: '<fim_suffix>', middle: '<fim_middle>' },
  {
    name: 'SantaCoder',
    prefix: '<fim-prefix>',
    suffix: '<fim-suffix>',
    middle: '<fim-middle>',
  },
  {
    name: 'Seed-Coder',
    prefix: '<[fim-prefix]>',
    suffix: '<[fim-suffix]>',
    middle: '<[fim-middle]>',
    isSuffixFirst: true,
  },
  // The "hole" is the place where the middle is missing, so it comes before the suffix.
  {
    name: 'DeepSeek-Coder',
    prefix: '<｜fim▁begin｜>',
    suffix: '<｜fim▁hole｜>',
    middle: '<｜fim▁end｜>',
  },
  { name: 'CodeLlama', prefix: '▁<PRE>', suffix: '▁<SUF>', middle: '▁<MID>' },
  // Some converters drop the space.
  { name: 'CodeLlama', prefix: '<PRE>', suffix: '<SUF>', middle: '<MID>' },
  { name: 'Codestral', prefix: '[PREFIX]', suffix: '[SUFFIX]' },
  { name: 'GLM', prefix: '<|code_prefix|>', suffix: '<|code_suffix|>', middle: '<|code_middle|>' },
  { name: 'Falcon', prefix: '<|prefix|>', suffix: '<|suffix|>', middle: '<|middle|>' },
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
  '<filename>',
  '<reponame>',
  '▁<EOT>',
  '<EOT>',
  '</s>',
  '<eos>',
  '<end_of_turn>',
  '<|end_of_text|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<｜end▁of▁sentence｜>',
  '<[end▁of▁sentence]>',
];

/** Marks that may stand in a prompt of any layout. */
const markNames: readonly string[] = [
  '<|path|>',
  '<|file_sep|>',
  ...families.flatMap(({ prefix, suffix, middle }) => [prefix, suffix, ...(middle ? [middle] : [])]),
  ...endNames,
];

/**
 * @param suffixFrom as the model's own `sotto.json` says it. Without that, a foreign family's suffix begins at the cursor:
 * in its training, documents were cut at any character.
 */
export function findLayout(tokenizer: Tokenizer, suffixFrom?: SuffixStart): FoundLayout {
  const found = findMarks(tokenizer);
  const { layout } = found;
  return suffixFrom === undefined || layout.suffixFrom === undefined
    ? found
    : { ...found, layout: { ...layout, suffixFrom } };
}

function findMarks(tokenizer: Tokenizer): FoundLayout {
  const own = createSuffixPrefixMiddle(tokenizer);
  if (own !== undefined) return { name: 'Sotto', layout: own, prefixOnly: withoutSuffix(own) };
  const endIds = endIdsOf(tokenizer);
  const { name, layout } = findFamily(tokenizer, endIds) ?? { name: 'prefix only' };
  const prefixOnly = createPrefixOnly(tokenizer, layout?.endIds ?? endIds);
  return { name, layout: layout ?? prefixOnly, prefixOnly };
}

function findFamily(
  tokenizer: Tokenizer,
  endIds: readonly number[],
): Pick<FoundLayout, 'name' | 'layout'> | undefined {
  for (const { name, isSuffixFirst, matches, ...marks } of families) {
    const [prefix, suffix] = [tokenizer.special(marks.prefix), tokenizer.special(marks.suffix)];
    const middle = marks.middle === undefined ? undefined : tokenizer.special(marks.middle);
    if (prefix === undefined || suffix === undefined || matches?.(tokenizer) === false) continue;
    if (middle !== undefined) {
      const create = isSuffixFirst ? createSuffixFirst : createPrefixSuffixMiddle;
      return { name, layout: create(tokenizer, { prefix, suffix, middle }, endIds) };
    }
    if (marks.middle === undefined)
      return { name, layout: createSuffixThenPrefix(tokenizer, { prefix, suffix }, endIds) };
  }
  if (tokenizer.fillInMiddle === undefined) return undefined;
  const layout = createPrefixSuffixMiddle(tokenizer, tokenizer.fillInMiddle, endIds);
  return { name: "the file's own marks", layout };
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
