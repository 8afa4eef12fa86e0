/**
 * What the engine needs of a model: its sizes, and one run over a few new tokens.
 * The engine knows token ids and rows of a cache; it knows nothing of text, of files or of ONNX Runtime.
 */
import type { KvCache } from './kv-cache';
import type { SampledToken } from './sampler';
import type { TokenCache } from './token-cache';

export interface DecoderSizes {
  readonly vocabulary: number;
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** The most tokens the model can look at. */
  readonly contextLength: number;
}

/** @typeParam Cache where it keeps what it has computed: rows of floats, unless it says otherwise */
export interface Decoder<Cache extends TokenCache = KvCache> {
  readonly sizes: DecoderSizes;
  /** An empty cache. @param capacity tokens that it holds; all of the context if left out */
  createCache(capacity?: number): Cache;
  /**
   * Runs `ids` after what `cache` holds and appends them to it.
   * @param wanted places within `ids` whose logits are asked for
   * @returns the logits, `[wanted.length, vocabulary]`, valid until the next run
   */
  run(ids: readonly number[], cache: Cache, wanted: readonly number[]): Promise<Float32Array>;
  /**
   * The same run, of whose logits only the likeliest token of each wanted place is handed over.
   * Absent where a decoder cannot tell without the logits.
   */
  readonly runGreedy?: (
    ids: readonly number[],
    cache: Cache,
    wanted: readonly number[],
  ) => Promise<readonly SampledToken[]>;
}
