/**
 * What the engine needs of a model: its sizes, and one run over a few new tokens.
 * The engine knows token ids and rows of a cache; it knows nothing of text, of files or of ONNX Runtime.
 */
import type { KvCache } from './kv-cache';
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
  /**
   * Runs `ids` after what `cache` holds and appends them to it.
   * @param wanted places within `ids` whose logits are asked for
   * @returns the logits, `[wanted.length, vocabulary]`, valid until the next run
   */
  run(ids: readonly number[], cache: Cache, wanted: readonly number[]): Promise<Float32Array>;
}
