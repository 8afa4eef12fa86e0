/**
 * OpenAI's p50k byte-pair encoding, whole or pruned, through gpt-tokenizer.
 *
 * gpt-tokenizer takes a rank table with holes. Leaving a hole for every dropped token, and keeping every kept
 * token's two halves, gives an ordinary byte-pair encoding with a smaller vocabulary: a small model then spends its
 * weights on layers instead of on rare words (design page, "The vocabulary").
 */
import { GptEncoding } from 'gpt-tokenizer/GptEncoding';
import type { Tokenizer } from './tokenizer';

/** A rank's token: text, or its bytes where they are not whole characters. */
export type RankTable = readonly (string | readonly number[])[];

export interface P50kVocabulary {
  /** Ids from 0, in order. */
  readonly special: readonly string[];
  /** The p50k ranks whose ids follow, in order. */
  readonly kept: readonly number[];
}

/** Distinct pieces of text whose merges are remembered; gpt-tokenizer's default of 100,000 costs tens of megabytes. */
const rememberedMerges = 10_000;

/**
 * @param ranks p50k's whole table
 * @throws RangeError if `kept` names a rank twice, one that does not exist, or lacks one of the 256 single bytes
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
  const bytesOfId = [...special.map(() => new Uint8Array(0)), ...kept.map(rank => bytesOf(ranks[rank]!))];
  requireAllBytes(bytesOfId);

  const encoding = GptEncoding.getEncodingApi('p50k_edit', () => withHoles);
  encoding.setMergeCacheSize(rememberedMerges);
  const plainText = { disallowedSpecial: new Set<string>() };
  const specialIds = new Map(special.map((name, id) => [name, id]));
  return {
    vocabulary: bytesOfId.length,
    encode: text => encoding.encode(text, plainText).map(rank => idOfRank[rank]!),
    bytes(id) {
      const bytes = bytesOfId[id];
      if (bytes === undefined) throw new RangeError(`id ${id} is not one of the ${bytesOfId.length}`);
      return bytes;
    },
    special: name => specialIds.get(name),
  };
}

function bytesOf(token: string | readonly number[]): Uint8Array {
  return typeof token === 'string' ? new TextEncoder().encode(token) : Uint8Array.from(token);
}

/** Any text must be encodable, so every byte needs a token of its own. */
function requireAllBytes(bytesOfId: readonly Uint8Array[]): void {
  const single = new Set(bytesOfId.filter(bytes => bytes.length === 1).map(bytes => bytes[0]));
  if (single.size !== 256) throw new RangeError(`only ${single.size} of the 256 single bytes are kept`);
}
