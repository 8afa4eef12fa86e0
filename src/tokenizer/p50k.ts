/**
 * OpenAI's p50k byte-pair encoding with part of its tokens.
 *
 * gpt-tokenizer takes a rank table with holes. Leaving a hole for every dropped token, and keeping every kept
 * token's two halves, gives an ordinary byte-pair encoding with a smaller vocabulary: a small model then spends its
 * weights on layers instead of on rare words (design page, "The vocabulary").
 */
import { R50K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import { createRankTokenizer, type RankTable, rankBytes } from './rank-tokenizer';
import type { Tokenizer } from './tokenizer';

export interface P50kVocabulary {
  /** Ids from 0, in order. */
  readonly special: readonly string[];
  /** The p50k ranks whose ids follow, in order. */
  readonly kept: readonly number[];
}

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
  const bytesOfId = [...special.map(() => new Uint8Array(0)), ...kept.map(rank => rankBytes(ranks[rank]!))];
  requireAllBytes(bytesOfId);
  return createRankTokenizer({
    ranks: withHoles,
    // JavaScript's white space, not OpenAI's: models of ours are trained on texts cut so (train/sotto_train/tokenizer.py).
    pattern: R50K_TOKEN_SPLIT_REGEX,
    idOf: rank => idOfRank[rank]!,
    bytesOfId,
    special: new Map(special.map((name, id) => [name, id])),
  });
}

/** Any text must be encodable, so every byte needs a token of its own. */
function requireAllBytes(bytesOfId: readonly Uint8Array[]): void {
  const single = new Set(bytesOfId.filter(bytes => bytes.length === 1).map(bytes => bytes[0]));
  if (single.size !== 256) throw new RangeError(`only ${single.size} of the 256 single bytes are kept`);
}
