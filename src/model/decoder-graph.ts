/**
 * What every decoder shares around its blocks: the inputs and outputs of one run, the rows that attention may
 * see, and how a weight matrix is stored.
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
 * | `key.L`, `value.L`    | float   | `[n, kvHeads, headDim]` | out: the new rows, for the caller to append     |
 *
 * The graph never returns the cache itself: onnxruntime-node copies every output, so a cache that came back would
 * be copied whole at each token (the design page's measurements).
 */
import type { MatrixBlocks } from './ggml-blocks';
import type { GraphBuilder, Value } from './onnx/graph-builder';
import { quantise } from './quantise';
import type { TensorSource } from './safetensors';

/**
 * 32 keeps the float weights; 8 and 4 store blocks of 32 integers and a scale; 'stored' takes the blocks that the file
 * has and rounds its floats to 8.
 */
export type WeightBits = 4 | 8 | 32 | 'stored';

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

  constructor(
    readonly builder: GraphBuilder,
    readonly shape: DecoderShape,
    readonly weights: TensorSource,
    private readonly options: DecoderGraphOptions,
  ) {
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
    if (this.builder.has(name)) return name as Value;
    return this.builder.weight(name, dims, this.weights.read(name, dims));
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
   * `x W^T + bias` for a matrix `[outputs, inputs]`, in the stored precision.
   * @param x `[1, n, inputs]`
   * @returns `[1, n, outputs]`
   */
  matMulTransposed(x: Value, name: string, outputs: number, inputs: number, bias?: Value): Value {
    const { bits } = this.options;
    const b = this.builder;
    const stored = this.storedBlocks(name, outputs, inputs);
    if (stored !== undefined) return this.matMulBlocks(x, name, stored, bias);
    if (bits === 32) {
      const product = b.msOp('FusedMatMul', [x, this.tensor(name, [outputs, inputs])], { transB: 1 });
      return bias === undefined ? product : b.op('Add', [product, bias]);
    }
    const matrix = this.weights.read(name, [outputs, inputs]);
    return this.matMulBlocks(x, name, quantise(matrix, outputs, inputs, roundedBits(bits)), bias);
  }

  /** The same for a matrix that the checkpoint stores as `[inputs, outputs]` (GPT-2's `Conv1D`). */
  matMul(x: Value, name: string, inputs: number, outputs: number, bias?: Value): Value {
    const { bits } = this.options;
    const b = this.builder;
    const stored = this.storedBlocks(name, outputs, inputs);
    if (stored !== undefined) return this.matMulBlocks(x, name, stored, bias);
    if (bits === 32) {
      const product = b.op('MatMul', [x, this.tensor(name, [inputs, outputs])]);
      return bias === undefined ? product : b.op('Add', [product, bias]);
    }
    const matrix = transpose(this.weights.read(name, [inputs, outputs]), inputs, outputs);
    return this.matMulBlocks(x, name, quantise(matrix, outputs, inputs, roundedBits(bits)), bias);
  }

  /** The file's own blocks, where the options allow for them: nothing is rounded a second time then. */
  private storedBlocks(name: string, outputs: number, inputs: number): MatrixBlocks | undefined {
    const { bits } = this.options;
    if (bits === 32) return undefined;
    const stored = this.weights.readBlocks?.(name, outputs, inputs);
    return bits === 'stored' || stored?.bits === bits ? stored : undefined;
  }

  private matMulBlocks(x: Value, name: string, matrix: MatrixBlocks, bias: Value | undefined): Value {
    const b = this.builder;
    const { bits, blockSize, rows, columns, packed, scales, offsets } = matrix;
    const blocks = Math.ceil(columns / blockSize);
    const data = b.weight(`${name}.blocks`, [rows, blocks, (blockSize * bits) / 8], packed);
    const scale = b.weight(`${name}.scales`, [rows * blocks], scales);
    // accuracy_level 4: the activations are rounded to int8 too, so that the products are integer dot products.
    const product = b.msOp('MatMulNBits', [x, data, scale, undefined, undefined, bias], {
      K: columns,
      N: rows,
      bits,
      block_size: blockSize,
      accuracy_level: 4,
    });
    if (offsets === undefined) return product;
    // A block's offset is the same for all its columns: it multiplies their sum. Float zero points would say the same
    // to MatMulNBits, and be 160 times slower (docs/log.md).
    const offset = b.weight(`${name}.offsets`, [rows, blocks], offsets);
    const sums = this.blockSums(x, blocks, blockSize);
    return b.op('Add', [product, b.msOp('FusedMatMul', [sums, offset], { transB: 1 })]);
  }

  private readonly blockSumsOf = new Map<string, Value>();

  /** `[1, n, blocks * blockSize] -> [1, n, blocks]`; computed once for the matrices that share an input. */
  private blockSums(x: Value, blocks: number, blockSize: number): Value {
    const b = this.builder;
    const key = `${x}/${blockSize}`;
    const known = this.blockSumsOf.get(key);
    if (known !== undefined) return known;
    const cut = b.op('Reshape', [x, b.ints([1, -1, blocks, blockSize])]);
    const sums = b.op('ReduceSum', [cut, b.ints([3])], { keepdims: 0 });
    this.blockSumsOf.set(key, sums);
    return sums;
  }
}

function roundedBits(bits: Exclude<WeightBits, 32>): 4 | 8 {
  return bits === 'stored' ? 8 : bits;
}

/** @param matrix `[rows, columns]` @returns `[columns, rows]` */
function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const transposed = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      transposed[column * rows + row] = matrix[row * columns + column]!;
  return transposed;
}
