/**
 * OpenAI's vocabularies of GPT-2, GPT-3 and Codex whole, with OpenAI's own ids. They share a table: r50k is p50k
 * without its runs of spaces, p50k_edit is p50k and the marks of fill-in-the-middle. Those of GPT-4 and later (cl100k,
 * o200k) are not here: no checkpoint has them without a `tokenizer.json` of its own, and their tables are 3.6 MB.
 * Source: https://github.com/openai/tiktoken, `tiktoken_ext/openai_public.py`.
 */
import { gpt2Pattern } from './pre-tokenizers';
import { createRankTokenizer, type RankTable, rankBytes } from './rank-tokenizer';
import type { Tokenizer } from './tokenizer';

export type OpenaiEncoding = keyof typeof encodings;

const end = 50_256;
const encodings = {
  r50k_base: { vocabulary: end + 1, marks: {} },
  p50k_base: { vocabulary: 50_281, marks: {} },
  p50k_edit: {
    vocabulary: 50_284,
    marks: { '<|fim_prefix|>': 50_281, '<|fim_middle|>': 50_282, '<|fim_suffix|>': 50_283 },
  },
} as const;

export const openaiEncodings: readonly OpenaiEncoding[] = ['r50k_base', 'p50k_base', 'p50k_edit'];

/** @param p50kRanks p50k's table */
export function createOpenaiTokenizer(name: OpenaiEncoding, p50kRanks: RankTable): Tokenizer {
  const { vocabulary, marks } = encodings[name];
  const ranks = p50kRanks.slice(0, vocabulary);
  const bytesOfId = Array.from({ length: vocabulary }, (_, id) => rankBytes(ranks[id] ?? []));
  // gpt-tokenizer's own takes U+FEFF for white space and U+0085 for none.
  const pattern = new RegExp(gpt2Pattern, 'gu');
  const special = new Map<string, number>([['<|endoftext|>', end], ...Object.entries(marks)]);
  return {
    ...createRankTokenizer({ ranks, pattern, idOf: rank => rank, bytesOfId, special }),
    endIds: [end],
  };
}
