/** Byte-pair encoding by a table of ranks, through gpt-tokenizer, behind our interface. */
import { BytePairEncodingCore } from 'gpt-tokenizer/BytePairEncodingCore';
import { utf8Bytes } from './token-bytes';
import type { Tokenizer } from './tokenizer';

/** A rank's token: text, or its bytes where they are not whole characters. May have holes. */
export type RankTable = readonly (string | readonly number[])[];

/** Distinct pieces of text whose merges are remembered; gpt-tokenizer's default of 100,000 costs tens of megabytes. */
const rememberedMerges = 10_000;

export interface RankParts {
  readonly ranks: RankTable;
  /** Cuts a text into the pieces that merges stay within. */
  readonly pattern: RegExp;
  readonly idOf: (rank: number) => number;
  readonly bytesOfId: readonly Uint8Array[];
  readonly special: ReadonlyMap<string, number>;
}

export function createRankTokenizer({ ranks, pattern, idOf, bytesOfId, special }: RankParts): Tokenizer {
  const encoder = new BytePairEncodingCore({
    bytePairRankDecoder: ranks,
    tokenSplitRegex: pattern,
    specialTokensEncoder: new Map(),
    mergeCacheSize: rememberedMerges,
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

export function rankBytes(token: string | readonly number[]): Uint8Array {
  return typeof token === 'string' ? utf8Bytes(token) : Uint8Array.from(token);
}
