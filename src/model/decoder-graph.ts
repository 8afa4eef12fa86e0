/**
 * What every decoder shares around its blocks: the inputs and outputs of one run.
 *
 * One run feeds `n` new tokens to a model that has already seen `p - 1`. Row 0 of every cache is a blank that is
 * always masked, because ONNX Runtime's FusedMatMul cannot take a past of zero rows (docs/log.md), so `p >= 1`.
 *
 * | name                  | type    | shape                  |                                                  |
 * | --------------------- | ------- | ---------------------- | ------------------------------------------------ |
 * | `ids`                 | int64   | `[1, n]`               | the new tokens                                   |
 * | `wanted`              | int64   | `[m]`                  | which of the `n` places a prediction is asked for |
 * | `past_key.L`, `past_value.L` | cache's | `[p, kvHeads, headDim]` | the cache of layer L, read in place        |
 * | `mask`, `mask.W`      | float   | `[n * group, p + n]`   | added to the scores: 0 where a query may look, else a large negative number; `[1, p + 1]` will do for one token. W is a layer's sliding window (runtime/attention-mask.ts) |
 * | `wanted_mask`, `wanted_mask.W` | float | `[m * group, p + n]` | the same for the last layer, where only the wanted places look |
 * | `logits`              | float   | `[m, vocabulary]`      | out                                              |
 * | `best`, `best_log_prob` | int64, float | `[m]`           | out: the likeliest next token, and its log probability, so that greedy decoding need not look at the logits |
 * | `rows`                | cache's | `[2 layers n, kvHeads, headDim]` | out: each layer's new keys, then its new values, for the caller to append |
 *
 * The graph never returns the cache itself: onnxruntime-node copies every output, so a cache that came back would
 * be copied whole at each token (the design page's measurements). It returns the new rows as one tensor because each
 * output costs more than the copy of its numbers (docs/log.md, 2026-11-22).
 */

import type { WeightBits } from '../checkpoint/model-source';
import type { TensorSource } from '../checkpoint/tensor-source';
import { MatrixProducts } from './matrix-products';
import type { GraphBuilder, Value } from './onnx-file/graph-builder';

export interface DecoderShape {
  readonly vocabulary: number;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Heads of keys and values; `heads / kvHeads` query heads share each (grouped-query attention). */
  readonly kvHeads: number;
  readonly headDim: number;
  /** The most tokens the model can look at. */
  readonly contextLength: number;
}

/**
 * How keys and values are kept between runs. Half floats are half the memory to read at each token, which is most of
 * what a long context costs (docs/log.md, 2026-11-22).
 */
export type CacheType = 'float' | 'float16';

export interface DecoderGraphOptions {
  readonly bits: WeightBits;
  readonly cache: CacheType;
}

export class DecoderGraph {
  readonly ids: Value;
  readonly wanted: Value;
  /** `[2]` the row counts `p` and `n`, for splitting what is `p + n` long. */
  readonly pastAndNew: Value;
  /** Products with the checkpoint's matrices, in the precision that the options ask for. */
  readonly products: MatrixProducts;
  /** `[1]` the row counts `p` and `n`. */
  private readonly counts: { readonly past: Value; readonly fresh: Value };
  private readonly cacheType: CacheType;
  private readonly cache: { readonly keys: readonly Value[]; readonly values: readonly Value[] };
  private readonly masks = new Map<string, Value>();
  private readonly newRows: Value[] = [];

  constructor(
    readonly builder: GraphBuilder,
    readonly shape: DecoderShape,
    readonly weights: TensorSource,
    { bits, cache }: DecoderGraphOptions,
  ) {
    this.products = new MatrixProducts(builder, weights, bits);
    this.cacheType = cache;
    const { layers, kvHeads, headDim } = shape;
    const inputs = (name: string) =>
      Array.from({ length: layers }, (_, layer) =>
        builder.input(`${name}.${layer}`, cache, ['past', kvHeads, headDim]),
      );
    this.ids = builder.input('ids', 'int64', [1, 'new']);
    this.wanted = builder.input('wanted', 'int64', ['wanted']);
    this.cache = { keys: inputs('past_key'), values: inputs('past_value') };
    this.counts = { past: this.dimension(this.cache.keys[0]!, 0), fresh: this.dimension(this.ids, 1) };
    this.pastAndNew = builder.op('Concat', [this.counts.past, this.counts.fresh], { axis: 0 });
  }

  /** `[1]` the position of the first new token: the blank row has none. */
  get firstPosition(): Value {
    this.knownFirstPosition ??= this.builder.op('Sub', [this.counts.past, this.builder.ints([1])]);
    return this.knownFirstPosition;
  }
  private knownFirstPosition: Value | undefined;

  /** `[n]` the positions of the new tokens. */
  get positions(): Value {
    const b = this.builder;
    const first = b.op('Squeeze', [this.firstPosition]);
    const end = b.op('Add', [first, b.op('Squeeze', [this.counts.fresh])]);
    return b.op('Range', [first, end, b.ints([1], [])]);
  }

  /**
   * Where attention may look in a layer: at what came before, and with a `window` at the last so many of it. In the
   * last layer only the wanted places look.
   */
  mask(layer: number, window?: number): Value {
    const { layers, contextLength } = this.shape;
    const looking = layer === layers - 1 ? 'wanted_mask' : 'mask';
    const name = window === undefined || window >= contextLength ? looking : `${looking}.${window}`;
    const mask = this.masks.get(name) ?? this.builder.input(name, 'float', ['queries', 'past + new']);
    this.masks.set(name, mask);
    return mask;
  }

  /** The cached rows of a layer as floats, `[p, kvHeads, headDim]`. */
  past(layer: number): { readonly keys: Value; readonly values: Value } {
    const { keys, values } = this.cache;
    return { keys: this.cast(keys[layer]!, 'float'), values: this.cast(values[layer]!, 'float') };
  }

  private dimension(value: Value, axis: number): Value {
    return this.builder.op('Shape', [value], { start: axis, end: axis + 1 });
  }

  private cast(rows: Value, to: CacheType): Value {
    return this.cacheType === 'float' ? rows : this.builder.cast(rows, to);
  }

  /** A tensor of the checkpoint as it is. */
  tensor(name: string, dims: readonly number[]): Value {
    return this.products.floats(name, dims);
  }

  /** A tensor of the checkpoint with `addend` added: Gemma stores the weights of its norms as `w - 1`. */
  tensorPlus(name: string, dims: readonly number[], addend: number): Value {
    return this.builder.weight(
      `${name}+${addend}`,
      dims,
      this.weights.read(name, dims).map(value => value + addend),
    );
  }

  /**
   * Adds a layer's new rows `[n, kvHeads, headDim]`, keys or values, to what the graph returns.
   * @returns them as the cache will give them back: what a token looks at is then the same however a text is cut into
   * runs
   */
  keepRows(rows: Value): Value {
    const kept = this.cast(rows, 'float16');
    this.newRows.push(kept);
    return this.cast(kept, 'float');
  }

  /** Names the outputs: the logits `[m, vocabulary]`, what greedy decoding takes of them, and the new rows. */
  finish(logits: Value): void {
    const { kvHeads, headDim, vocabulary } = this.shape;
    const b = this.builder;
    b.output('logits', logits, ['wanted', vocabulary]);
    // A TopK would be 4 us faster and ends the process where no row is wanted (docs/log.md).
    b.output('best', b.op('ArgMax', [logits], { axis: -1, keepdims: 0 }), ['wanted'], 'int64');
    const logProbs = b.op('LogSoftmax', [logits], { axis: -1 });
    b.output('best_log_prob', b.op('ReduceMax', [logProbs, b.ints([-1])], { keepdims: 0 }), ['wanted']);
    const rows = b.op('Concat', this.newRows, { axis: 0 });
    b.output('rows', rows, ['layers * 2 * new', kvHeads, headDim], this.cacheType);
  }
}
