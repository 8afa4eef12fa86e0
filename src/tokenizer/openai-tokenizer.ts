/**
 * OpenAI's vocabularies of GPT-2, GPT-3 and Codex: whole, with OpenAI's own ids, or with only some of their tokens, as
 * the bundled model has them. gpt-tokenizer does the merging.
 *
 * All of them come from one table. r50k is p50k without its runs of spaces. p50k_edit is p50k with marks for
 * fill-in-the-middle. The vocabularies of GPT-4 and later (cl100k, o200k) are not here: their tables are 3.6 MB, and
 * every checkpoint that uses one brings a `tokenizer.json`.
 * Source: https://github.com/openai/tiktoken, `tiktoken_ext/openai_public.py`.
 */
import { BytePairEncodingCore } from 'gpt-tokenizer/BytePairEncodingCore';
import { R50K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import { gpt2Pattern } from './pre-tokenizers';
import { type Tokenizer, utf8Bytes } from './tokenizer';

/** The token of each rank: text, or bytes where they are not whole characters. A rank may have no token. */
export type RankTable = readonly (string | readonly number[])[];

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

/** @param p50kRanks the whole table of p50k */
export function createOpenaiTokenizer(name: OpenaiEncoding, p50kRanks: RankTable): Tokenizer {
  const { vocabulary, marks } = encodings[name];
  const ranks = p50kRanks.slice(0, vocabulary);
  const bytesOfId = Array.from({ length: vocabulary }, (_, id) => rankBytes(ranks[id] ?? []));
  // The pattern of gpt-tokenizer treats U+FEFF as white space and U+0085 as none, unlike OpenAI's.
  const pattern = new RegExp(gpt2Pattern, 'gu');
  const special = new Map<string, number>([['<|endoftext|>', end], ...Object.entries(marks)]);
  return {
    ...createRankTokenizer({ ranks, pattern, idOf: rank => rank, bytesOfId, special }),
    endIds: [end],
  };
}

export interface P50kVocabulary {
  /** The special tokens. Their ids begin at 0, in this order. */
  readonly special: readonly string[];
  /** The ranks of p50k that are kept. Their ids follow, in this order. */
  readonly kept: readonly number[];
}

/**
 * p50k with only some of its tokens: a small model then spends its weights on layers instead of on rare words.
 *
 * gpt-tokenizer accepts a table with holes. Every dropped token leaves a hole. If both halves of every kept token are
 * kept too, the result is an ordinary byte-pair encoding with a smaller vocabulary.
 *
 * @param ranks the whole table of p50k
 * @throws RangeError if `kept` names a rank twice, names one that does not exist, or lacks one of the 256 single bytes
 */
export function createP50kTokenizer({ special, kept }: P50kVocabulary, ranks: RankTable): Tokenizer {
  const withHoles: (string | readonly number[])[] = new Array(ranks.length);
  const idOfRank = new Int32Array(ranks.length).fill(-1);
  for (const [position, rank] of kept.entries()) {
    const token = ranks[rank];
    if (token === undefined) throw new RangeError(`rank ${rank} is not one of p50k's ${ranks.length}`);
    if (idOfRank[rank] !== -1) throw new RangeError(`rank ${rank} is named twice`);
    withHoles[rank] = token;
    idOfRank[rank] = special.length + position;
  }
  const bytesOfId = [...special.map(() => new Uint8Array(0)), ...kept.map(rank => rankBytes(ranks[rank]!))];
  requireAllBytes(bytesOfId);
  return createRankTokenizer({
    ranks: withHoles,
    // With JavaScript's white space, unlike OpenAI's: our models are trained on texts that are cut in this way
    // (train/sotto_train/tokenizer.py).
    pattern: R50K_TOKEN_SPLIT_REGEX,
    idOf: rank => idOfRank[rank]!,
    bytesOfId,
    special: new Map(special.map((name, id) => [name, id])),
  });
}

/** Every byte needs a token of its own. Otherwise some texts could not be encoded. */
function requireAllBytes(bytesOfId: readonly Uint8Array[]): void {
  const single = new Set(bytesOfId.filter(bytes => bytes.length === 1).map(bytes => bytes[0]));
  if (single.size !== 256) throw new RangeError(`only ${single.size} of the 256 single bytes are kept`);
}

export function rankBytes(token: string | readonly number[]): Uint8Array {
  return typeof token === 'string' ? utf8Bytes(token) : Uint8Array.from(token);
}

interface RankVocabulary {
  readonly ranks: RankTable;
  /** Cuts a text into pre-tokens (pre-tokenizers.ts). */
  readonly pattern: RegExp;
  readonly idOf: (rank: number) => number;
  readonly bytesOfId: readonly Uint8Array[];
  readonly special: ReadonlyMap<string, number>;
}

/** Pre-tokens whose merges are remembered. The default of gpt-tokenizer, 100,000, takes tens of megabytes. */
const maxRememberedMerges = 10_000;

function createRankTokenizer({ ranks, pattern, idOf, bytesOfId, special }: RankVocabulary): Tokenizer {
  const encoder = new BytePairEncodingCore({
    bytePairRankDecoder: ranks,
    tokenSplitRegex: pattern,
    specialTokensEncoder: new Map(),
    mergeCacheSize: maxRememberedMerges,
  });
  return {
    vocabulary: bytesOfId.length,
    encode: text => encoder.encodeNative(text).map(idOf),
    bytes(id) {
      const bytes = bytesOfId[id];
      if (bytes === undefined) throw new RangeError(`id ${id} is not one of the ${bytesOfId.length}`);
      return bytes;
    },
    special: name => special.get(name),
  };
}
