/**
 * What every decoder shares around its blocks: the inputs and outputs of one run, and the rows that attention may see.
 *
 * One run feeds `n` new tokens to a model that has already seen `p - 1`. Row 0 of every cache is a blank that is
 * always masked, because ONNX Runtime's FusedMatMul cannot take a past of zero rows (docs/log.md), so `p >= 1`.
 *
 * | name                  | type    | shape                  |                                                  |
 * | --------------------- | ------- | ---------------------- | ------------------------------------------------ |
 * | `ids`                 | int64   | `[1, n]`               | the new tokens                                   |
 * | `wanted`              | int64   | `[m]`                  | which of the `n` places logits are asked for     |
 * | `past_key.L`, `past_value.L` | float | `[p, kvHeads, headDim]` | the cache of layer L, read in place         |
 * | `logits`              | float   | `[m, vocabulary]`      | out                                              |
 * | `rows`                | float   | `[2 layers n, kvHeads, headDim]` | out: each layer's new keys, then its new values, for the caller to append |
 *
 * The graph never returns the cache itself: onnxruntime-node copies every output, so a cache that came back would
 * be copied whole at each token (the design page's measurements). It returns the new rows as one tensor because each
 * output costs more than the copy of its numbers (docs/log.md, 2026-11-22).
 */
import { MatrixProducts, type WeightBits } from './matrix-products';
import type { GraphBuilder, Value } from './onnx/graph-builder';
import type { TensorSource } from './safetensors';

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

export interface DecoderGraphOptions {
  readonly bits: WeightBits;
}

export class DecoderGraph {
  readonly ids: Value;
  readonly wanted: Value;
  readonly pastKeys: readonly Value[];
  readonly pastValues: readonly Value[];
  /** `[1]` the position of the first new token. */
  readonly firstPosition: Value;
  /** `[n]` the positions of the new tokens. */
  readonly positions: Value;
  /** `[n * group, p + n]` 0 where a query may look, a large negative number where not. */
  readonly causalMask: Value;
  private readonly slidingMasks = new Map<number, Value>();
  /** `[p + n]` and `[n * group, 1]` the row numbers of keys and queries, and where the causal mask lets through. */
  private readonly rows: { readonly key: Value; readonly query: Value; readonly visible: Value };
  /** `[2]` the row counts `p` and `n`, for splitting what is `p + n` long. */
  readonly pastAndNew: Value;
  /** Products with the checkpoint's matrices, in the precision that the options ask for. */
  readonly products: MatrixProducts;
  private readonly newRows: Value[] = [];

  constructor(
    readonly builder: GraphBuilder,
    readonly shape: DecoderShape,
    readonly weights: TensorSource,
    { bits }: DecoderGraphOptions,
  ) {
    this.products = new MatrixProducts(builder, weights, bits);
    const { layers, kvHeads, headDim } = shape;
    const rows = (name: string) =>
      Array.from({ length: layers }, (_, layer) =>
        builder.input(`${name}.${layer}`, 'float', ['past', kvHeads, headDim]),
      );
    this.ids = builder.input('ids', 'int64', [1, 'new']);
    this.wanted = builder.input('wanted', 'int64', ['wanted']);
    this.pastKeys = rows('past_key');
    this.pastValues = rows('past_value');

    const past = this.dimension(this.pastKeys[0]!, 0);
    const fresh = this.dimension(this.ids, 1);
    this.pastAndNew = builder.op('Concat', [past, fresh], { axis: 0 });
    this.firstPosition = builder.op('Sub', [past, builder.ints([1])]);
    const firstRow = builder.op('Squeeze', [past]);
    const allRows = builder.op('Add', [firstRow, builder.op('Squeeze', [fresh])]);
    const newRows = this.range(firstRow, allRows);
    this.positions = builder.op('Sub', [newRows, builder.ints([1])]);
    this.rows = this.compareRows(newRows, allRows);
    this.causalMask = this.maskUnless(this.rows.visible);
  }

  /**
   * The causal mask, or for a layer that sees the last `window` tokens only (itself among them) a narrower one,
   * which is in the graph only if a layer asks for it.
   */
  mask(window?: number): Value {
    if (window === undefined || window >= this.shape.contextLength) return this.causalMask;
    let mask = this.slidingMasks.get(window);
    if (mask === undefined) {
      const { key, query, visible } = this.rows;
      const before = this.builder.op('Sub', [query, this.builder.ints([window], [])]);
      const near = this.builder.op('Greater', [key, before]);
      mask = this.maskUnless(this.builder.op('And', [visible, near]));
      this.slidingMasks.set(window, mask);
    }
    return mask;
  }

  /** Row `i` sees rows `1..i`: itself and the past, neither the future nor the blank row 0. */
  private compareRows(newRows: Value, allRows: Value) {
    const b = this.builder;
    const group = this.shape.heads / this.shape.kvHeads;
    const keyRows = this.range(b.ints([0], []), allRows);
    const queryRows = b.op('Reshape', [newRows, b.ints([-1, 1])]);
    // A group of query heads lies in neighbouring rows of the scores, so each row of the mask comes `group` times.
    const grouped = b.op('Reshape', [b.op('Expand', [queryRows, b.ints([1, group])]), b.ints([-1, 1])]);
    const visible = b.op('And', [
      b.op('LessOrEqual', [keyRows, grouped]),
      b.op('Greater', [keyRows, b.ints([0], [])]),
    ]);
    return { key: keyRows, query: grouped, visible };
  }

  private maskUnless(visible: Value): Value {
    return this.builder.op('Where', [visible, this.builder.float(0), this.builder.float(-1e30)]);
  }

  private dimension(value: Value, axis: number): Value {
    return this.builder.op('Shape', [value], { start: axis, end: axis + 1 });
  }

  private range(start: Value, limit: Value): Value {
    return this.builder.op('Range', [start, limit, this.builder.ints([1], [])]);
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

  /** Adds a layer's new rows `[n, kvHeads, headDim]` to what the graph returns. */
  keepRows(key: Value, value: Value): void {
    this.newRows.push(key, value);
  }

  /** Names the outputs: the logits `[m, vocabulary]`, and the new rows of all layers as one tensor. */
  finish(logits: Value): void {
    const { kvHeads, headDim, vocabulary } = this.shape;
    this.builder.output('logits', logits, ['wanted', vocabulary]);
    const rows = this.builder.op('Concat', this.newRows, { axis: 0 });
    this.builder.output('rows', rows, ['layers * 2 * new', kvHeads, headDim]);
  }
}
