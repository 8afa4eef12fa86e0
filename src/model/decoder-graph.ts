/**
 * The inputs and outputs that the graphs of all decoders share. The blocks between them are in `blocks.ts`, with a table
 * of the symbols.
 *
 * One run feeds `n` new tokens to a model that has already seen `p - 1` tokens. Row 0 of every KV cache is a blank that
 * no query may look at: ONNX Runtime's FusedMatMul crashes on a past of zero rows. So `p` is at least 1.
 *
 * Inputs:
 *
 * | name                           | type         | shape                   | meaning |
 * | ------------------------------ | ------------ | ----------------------- | ------- |
 * | `ids`                          | int64        | `[1, n]`                | the new tokens |
 * | `wanted`                       | int64        | `[m]`                   | the places, among the `n`, whose next token is to be predicted |
 * | `past_key.L`, `past_value.L`   | cache's      | `[p, kvHeads, headDim]` | the KV cache of layer L, read in place |
 * | `mask`, `mask.W`               | float        | `[n * group, p + n]`    | is added to the scores before the softmax: 0 where a query may look, else a number like minus infinity, which becomes a weight of zero (onnx/attention-mask.ts). W is the sliding window of a layer. For a single token `[1, p + 1]` is enough |
 * | `wanted_mask`, `wanted_mask.W` | float        | `[m * group, p + n]`    | the same for the last layer, which computes only the wanted places |
 *
 * Outputs:
 *
 * | name                           | type         | shape                   | meaning |
 * | ------------------------------ | ------------ | ----------------------- | ------- |
 * | `logits`                       | float        | `[m, vocabulary]`       | the scores of the next token |
 * | `best`, `best_log_prob`        | int64, float | `[m]`                   | the likeliest next token and its log probability, so that greedy decoding needs no logits |
 * | `rows`                         | cache's      | `[2 layers n, kvHeads, headDim]` | each layer's new keys, then its new values. The caller appends them to the KV cache |
 * | `attention.L`                  | float        | `[kvHeads, n * group, p + n]` | only if the options ask for it: the attention weights of layer L, in the last layer of the wanted places. Of the rows of a head of keys, the first `group` belong to the first token |
 *
 * The graph never returns the KV cache itself. onnxruntime-node copies every output, so the whole cache would be copied
 * at each token. The new rows are one tensor, because an output costs more than the copy of its numbers
 * (docs/log.md, "Where a token's time goes").
 */
import type { WeightBits } from '../checkpoint/model-source';
import type { TensorSource } from '../checkpoint/tensor-source';
import { MatrixProducts } from './matrix-products';
import type { GraphBuilder, Value } from './onnx-file/graph-builder';

/** The sizes of a decoder. */
export interface DecoderShape {
  readonly vocabulary: number;
  readonly layers: number;
  /** Numbers in the residual stream for each token. */
  readonly width: number;
  /** Heads of queries. */
  readonly heads: number;
  /** Heads of keys and values. Each is shared by `heads / kvHeads` query heads (grouped-query attention). */
  readonly kvHeads: number;
  readonly headDim: number;
  /** The largest number of tokens that the model can look at. */
  readonly contextLength: number;
}

/**
 * The type of keys and values between runs. Half floats halve the memory that each token reads, and with a long context
 * the KV cache is most of it (docs/log.md, "Half floats in the KV cache").
 */
export type CacheType = 'float' | 'float16';

export interface DecoderGraphOptions {
  readonly bits: WeightBits;
  readonly cache: CacheType;
  /** Whether the attention weights are outputs, for a page that shows them. Completions do without the copies. */
  readonly showsAttention?: boolean;
}

export class DecoderGraph {
  readonly ids: Value;
  readonly wanted: Value;
  /** `[2]` the row counts `p` and `n`, to split an axis of length `p + n`. */
  readonly pastAndNew: Value;
  /** Products with the matrices of the checkpoint, in the precision that the options ask for. */
  readonly products: MatrixProducts;
  /** `[1]` each: the row counts `p` and `n`. */
  private readonly counts: { readonly past: Value; readonly fresh: Value };
  private readonly cacheType: CacheType;
  private readonly showsAttention: boolean;
  private readonly cache: { readonly keys: readonly Value[]; readonly values: readonly Value[] };
  private readonly masks = new Map<string, Value>();
  private readonly newRows: Value[] = [];

  constructor(
    readonly builder: GraphBuilder,
    readonly shape: DecoderShape,
    readonly weights: TensorSource,
    { bits, cache, showsAttention = false }: DecoderGraphOptions,
  ) {
    this.products = new MatrixProducts(builder, weights, bits);
    this.cacheType = cache;
    this.showsAttention = showsAttention;
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

  /** `[1]` the position of the first new token, `p - 1`: the blank row has no position. */
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
   * The mask of a layer: each token may look at itself and the tokens before it, and with a `window` only at the last
   * `window` of these. In the last layer the mask has rows for the wanted places only.
   */
  mask(layer: number, window?: number): Value {
    const { layers, contextLength } = this.shape;
    const kind = layer === layers - 1 ? 'wanted_mask' : 'mask';
    const name = window === undefined || window >= contextLength ? kind : `${kind}.${window}`;
    const mask = this.masks.get(name) ?? this.builder.input(name, 'float', ['queries', 'past + new']);
    this.masks.set(name, mask);
    return mask;
  }

  /** The cached rows of a layer as floats, `[p, kvHeads, headDim]` each. */
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

  /** A tensor of the checkpoint, unchanged. */
  tensor(name: string, dims: readonly number[]): Value {
    return this.products.floats(name, dims);
  }

  /** A tensor of the checkpoint with `addend` added to each number. Gemma stores the weights of its norms as `w - 1`. */
  tensorPlus(name: string, dims: readonly number[], addend: number): Value {
    if (addend === 0) return this.tensor(name, dims);
    return this.builder.weight(
      `${name}+${addend}`,
      dims,
      this.weights.read(name, dims).map(value => value + addend),
    );
  }

  /**
   * Adds a layer's new keys or values, `[n, kvHeads, headDim]`, to the output `rows`.
   * @returns the rows as the KV cache will have them, rounded to its type. So a token looks at the same numbers whether
   * they were computed in this run or in an earlier one
   */
  outputRows(rows: Value): Value {
    const rounded = this.cast(rows, 'float16');
    this.newRows.push(rounded);
    return this.cast(rounded, 'float');
  }

  /** Makes the attention weights of a layer, `[kvHeads, n * group, p + n]`, an output if the options ask for it. */
  outputAttention(layer: number, weights: Value): void {
    if (this.showsAttention)
      this.builder.output(`attention.${layer}`, weights, [this.shape.kvHeads, 'queries', 'past + new']);
  }

  /** Names the outputs: the logits `[m, vocabulary]`, the best token of each row, and the new rows. */
  finish(logits: Value): void {
    const { kvHeads, headDim, vocabulary } = this.shape;
    const b = this.builder;
    b.output('logits', logits, ['wanted', vocabulary]);
    // TopK would be 4 us faster, but it ends the process if no place is wanted (measured).
    b.output('best', b.op('ArgMax', [logits], { axis: -1, keepdims: 0 }), ['wanted'], 'int64');
    const logProbs = b.op('LogSoftmax', [logits], { axis: -1 });
    b.output('best_log_prob', b.op('ReduceMax', [logProbs, b.ints([-1])], { keepdims: 0 }), ['wanted']);
    const rows = b.op('Concat', this.newRows, { axis: 0 });
    b.output('rows', rows, ['layers * 2 * new', kvHeads, headDim], this.cacheType);
  }
}
