/**
 * Products of the residual stream with a checkpoint's weight matrices, and how such a matrix is stored: as floats, or
 * as blocks of integers with a scale each. Knows matrices; nothing of layers or attention.
 */
import type { MatrixBlocks } from '../checkpoint/ggml-blocks';
import type { WeightBits } from '../checkpoint/model-source';
import type { TensorSource } from '../checkpoint/tensor-source';
import { joinFloats, joinRows } from './join-rows';
import type { GraphBuilder, Value } from './onnx-file/graph-builder';
import { blockSizeFor, quantise } from './quantise';

/** A matrix of blocks in the weights file, by the names of its parts there. */
interface WrittenMatrix {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Value;
  readonly scales: Value;
  readonly offsets: Value | undefined;
}

/** A matrix `[outputs, inputs]` of the checkpoint, and the bias `[outputs]` that goes with it, by their names. */
export interface NamedMatrix {
  readonly name: string;
  readonly outputs: number;
  readonly bias?: string;
}

export class MatrixProducts {
  private readonly written = new Map<string, WrittenMatrix>();

  constructor(
    private readonly builder: GraphBuilder,
    private readonly weights: TensorSource,
    private readonly bits: WeightBits,
  ) {}

  /**
   * `x W^T + bias` for a matrix `[outputs, inputs]`.
   * @param x `[1, n, inputs]`
   * @returns `[1, n, outputs]`
   */
  transposed(x: Value, matrix: NamedMatrix, inputs: number): Value {
    const { name, outputs } = matrix;
    const stored = this.storedBlocks(name, outputs, inputs);
    const written = stored === undefined ? this.findRounded(name, inputs) : undefined;
    if (written !== undefined) return this.product(x, written, this.biasOf(matrix));
    return this.withMatrix(x, matrix, inputs, stored ?? this.roundedBlocks(name, outputs, inputs));
  }

  /**
   * The same for several matrices of one input: one product, cut afterwards, where they are stored alike.
   * @returns `[1, n, outputs]` for each
   */
  transposedEach(x: Value, matrices: readonly NamedMatrix[], inputs: number): readonly Value[] {
    const stored = matrices.map(({ name, outputs }) => this.readBlocks(name, outputs, inputs));
    const joined = stored.every(blocks => blocks !== undefined) ? joinRows(stored) : undefined;
    if (joined === undefined)
      return matrices.map((matrix, i) => this.withMatrix(x, matrix, inputs, stored[i]));
    const b = this.builder;
    const name = matrices.map(matrix => matrix.name).join('|');
    const product = this.withBlocks(x, name, joined, this.joinedBias(name, matrices, joined.rows));
    const sizes = b.ints(matrices.map(({ outputs }) => outputs));
    return b.multiOp('Split', [product, sizes], { axis: -1 }, matrices.length);
  }

  /** `x W + bias` for a matrix that the checkpoint stores as `[inputs, outputs]` (GPT-2's `Conv1D`). */
  untransposed(x: Value, named: NamedMatrix, inputs: number): Value {
    const { name, outputs } = named;
    const addition = this.biasOf(named);
    const stored = this.storedBlocks(name, outputs, inputs);
    if (stored !== undefined) return this.withBlocks(x, name, stored, addition);
    if (this.bits === 32)
      return this.plus(this.builder.op('MatMul', [x, this.floats(name, [inputs, outputs])]), addition);
    const matrix = transpose(this.weights.read(name, [inputs, outputs]), inputs, outputs);
    return this.withBlocks(x, name, quantise(matrix, outputs, inputs, roundedBits(this.bits)), addition);
  }

  /**
   * The rows `ids` of a table `[rows, columns]`: `[1, n] -> [1, n, columns]`. Eight bits are enough for what is looked up
   * and not multiplied. Where the table is a matrix of products too and is stored alike for them, it is in the weights
   * file once: as floats, rounded to 8 bits, or in its own blocks if they have no minimums, which the lookup cannot add.
   */
  rows(name: string, [rows, columns]: readonly [rows: number, columns: number], ids: Value): Value {
    const b = this.builder;
    if (this.bits === 32) return b.op('Gather', [this.floats(name, [rows, columns]), ids], { axis: 0 });
    const stored = this.storedBlocks(name, rows, columns);
    const blocks =
      stored !== undefined && stored.offsets === undefined
        ? stored
        : quantise(this.weights.read(name, [rows, columns]), rows, columns, 8);
    const { bits, blockSize, data, scales } = this.write(name, blocks);
    const count = Math.ceil(columns / blockSize);
    const table = b.reshapedWeight(`${data}.rows`, data, [rows, (count * blockSize * bits) / 8]);
    const tableScales = b.reshapedWeight(`${scales}.rows`, scales, [rows, count]);
    const found = b.msOp('GatherBlockQuantized', [table, ids, tableScales], {
      bits,
      block_size: blockSize,
      gather_axis: 0,
      quantize_axis: 1,
    });
    if (count * blockSize === columns) return found;
    // The last block of a row is padded.
    return b.op('Slice', [found, b.ints([0]), b.ints([columns]), b.ints([2])]);
  }

  /** A tensor of the checkpoint as it is. */
  floats(name: string, dims: readonly number[]): Value {
    if (this.builder.has(name)) return name as Value;
    return this.builder.weight(name, dims, this.weights.read(name, dims));
  }

  /** @param blocks undefined for a product with floats */
  private withMatrix(x: Value, named: NamedMatrix, inputs: number, blocks: MatrixBlocks | undefined): Value {
    const { name, outputs } = named;
    const addition = this.biasOf(named);
    if (blocks !== undefined) return this.withBlocks(x, name, blocks, addition);
    const matrix = this.floats(name, [outputs, inputs]);
    return this.plus(this.builder.msOp('FusedMatMul', [x, matrix], { transB: 1 }), addition);
  }

  /** @returns undefined where the matrix is to stay as floats */
  private readBlocks(name: string, outputs: number, inputs: number): MatrixBlocks | undefined {
    return this.storedBlocks(name, outputs, inputs) ?? this.roundedBlocks(name, outputs, inputs);
  }

  /** @returns undefined where the matrix is to stay as floats */
  private roundedBlocks(name: string, outputs: number, inputs: number): MatrixBlocks | undefined {
    if (this.bits === 32) return undefined;
    return quantise(this.weights.read(name, [outputs, inputs]), outputs, inputs, roundedBits(this.bits));
  }

  /** What `roundedBlocks` would give, if it is in the weights file already: rounding takes long. */
  private findRounded(name: string, inputs: number): WrittenMatrix | undefined {
    if (this.bits === 32) return undefined;
    const bits = roundedBits(this.bits);
    return this.written.get(blocksName(name, { bits, blockSize: blockSizeFor(inputs, bits) }));
  }

  /** The file's own blocks, where the options allow for them: nothing is rounded a second time then. */
  private storedBlocks(name: string, outputs: number, inputs: number): MatrixBlocks | undefined {
    if (this.bits === 32) return undefined;
    const stored = this.weights.readBlocks?.(name, outputs, inputs);
    return this.bits === 'stored' || stored?.bits === this.bits ? stored : undefined;
  }

  private withBlocks(x: Value, name: string, matrix: MatrixBlocks, bias: Value | undefined): Value {
    return this.product(x, this.write(name, matrix), bias);
  }

  /** Puts a matrix into the weights file, unless it is there. */
  private write(name: string, matrix: MatrixBlocks): WrittenMatrix {
    const { bits, blockSize, rows, columns } = matrix;
    const key = blocksName(name, matrix);
    const known = this.written.get(key);
    if (known !== undefined) return known;
    const b = this.builder;
    const blocks = Math.ceil(columns / blockSize);
    const written = {
      ...{ bits, blockSize, rows, columns },
      data: b.weight(key, [rows, blocks, (blockSize * bits) / 8], matrix.packed),
      scales: b.weight(`${key}.scales`, [rows * blocks], matrix.scales),
      offsets: matrix.offsets && b.weight(`${key}.offsets`, [rows, blocks], matrix.offsets),
    };
    this.written.set(key, written);
    return written;
  }

  private product(x: Value, matrix: WrittenMatrix, bias: Value | undefined): Value {
    const b = this.builder;
    const { bits, blockSize, rows, columns, data, scales, offsets } = matrix;
    // accuracy_level 4: the activations are rounded to int8 too, so that the products are integer dot products.
    const product = b.msOp('MatMulNBits', [x, data, scales, undefined, undefined, bias], {
      K: columns,
      N: rows,
      bits,
      block_size: blockSize,
      accuracy_level: 4,
    });
    if (offsets === undefined) return product;
    // A block's offset is the same for all its columns: it multiplies their sum. Float zero points would say the same
    // to MatMulNBits, and be 160 times slower (docs/log.md).
    const sums = this.blockSums(x, Math.ceil(columns / blockSize), blockSize);
    return b.op('Add', [product, b.msOp('FusedMatMul', [sums, offsets], { transB: 1 })]);
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

  /** A matrix without a bias has one of zeros, if another has one. */
  private joinedBias(name: string, matrices: readonly NamedMatrix[], rows: number): Value | undefined {
    if (matrices.every(({ bias }) => bias === undefined)) return undefined;
    const parts = matrices.map(({ bias, outputs }) =>
      bias === undefined ? new Float32Array(outputs) : this.weights.read(bias, [outputs]),
    );
    return this.builder.weight(`${name}.bias`, [rows], joinFloats(parts));
  }

  private biasOf({ bias, outputs }: NamedMatrix): Value | undefined {
    return bias === undefined ? undefined : this.floats(bias, [outputs]);
  }

  private plus(product: Value, bias: Value | undefined): Value {
    return bias === undefined ? product : this.builder.op('Add', [product, bias]);
  }
}

/** By which blocks are found again: a table's own and those that it was rounded to for its rows are not the same. */
function blocksName(
  name: string,
  { bits, blockSize, offsets }: Pick<MatrixBlocks, 'bits' | 'blockSize' | 'offsets'>,
): string {
  return `${name}.int${bits}[${blockSize}]${offsets ? '+' : ''}`;
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
