/**
 * What generation needs of a model: its sizes, and one run over a few new tokens.
 * Generation knows token ids and rows of a cache; it knows nothing of text, of files or of ONNX Runtime.
 */
import type { CacheSizes, KvCache, TokenCache } from './kv-cache';
import type { SampledToken } from './sampler';

/** @typeParam Cache where the model keeps the tokens that it has run: a `KvCache`, unless it says otherwise */
export interface Decoder<Cache extends TokenCache = KvCache> {
  readonly sizes: DecoderSizes;
  /** An empty cache. @param capacity tokens that fit; the model's whole context if left out */
  createCache(capacity?: number): Cache;
  /**
   * Runs `ids` after the tokens in `cache` and appends them to it.
   * @param wanted places within `ids` whose logits are returned
   * @returns the logits, `[wanted.length, vocabulary]`, valid until the next run
   */
  run(ids: readonly number[], cache: Cache, wanted: readonly number[]): Promise<Float32Array>;
  /**
   * The same run, but it returns only the likeliest next token of each wanted place.
   * Absent if the decoder can tell it only from the logits.
   */
  readonly runGreedy?: (
    ids: readonly number[],
    cache: Cache,
    wanted: readonly number[],
  ) => Promise<readonly SampledToken[]>;
}

export interface DecoderSizes extends CacheSizes {
  readonly vocabulary: number;
}
