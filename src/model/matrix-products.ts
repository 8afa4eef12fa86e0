/**
 * Products of the residual stream with the weight matrices of a checkpoint. Decides how a matrix is stored in the
 * graph: as floats, or as blocks of integers with one scale for each block. Knows nothing of layers or attention.
 */
import type { MatrixBlocks } from '../checkpoint/ggml-blocks';
import type { WeightBits } from '../checkpoint/model-source';
import type { TensorSource } from '../checkpoint/tensor-source';
import { transpose } from '../common/transpose';
import { joinFloats, joinRows } from './join-rows';
import type { GraphBuilder, Value } from './onnx-file/graph-builder';
import { blockSizeFor, quantise } from './quantise';

/** A matrix of blocks that is in the weights file already. */
interface WrittenMatrix {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Value;
  readonly scales: Value;
  readonly offsets: Value | undefined;
}

/** The names of a matrix `[outputs, inputs]` of the checkpoint and of its bias `[outputs]`. */
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
   * `x W + bias`. The checkpoint has W transposed, `[outputs, inputs]`, as PyTorch's `Linear` keeps it.
   * @param x `[1, n, inputs]`
   * @returns `[1, n, outputs]`
   */
  linear(x: Value, matrix: NamedMatrix, inputs: number): Value {
    const { name, outputs } = matrix;
    const stored = this.storedBlocks(name, outputs, inputs);
    const written = stored === undefined ? this.findRounded(name, inputs) : undefined;
    if (written !== undefined) return this.product(x, written, this.biasOf(matrix));
    return this.withMatrix(x, matrix, inputs, stored ?? this.roundedBlocks(name, outputs, inputs));
  }

  /**
   * `linear` for several matrices with the same input. If they are stored alike, they become one matrix and one
   * product, which is split afterwards.
   * @returns `[1, n, outputs]` for each matrix
   */
  linearEach(x: Value, matrices: readonly NamedMatrix[], inputs: number): readonly Value[] {
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

  /** `x W + bias`. The checkpoint has W itself, `[inputs, outputs]`, as the `Conv1D` of GPT-1 and GPT-2 keeps it. */
  conv1d(x: Value, named: NamedMatrix, inputs: number): Value {
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
   * Looks up the rows `ids` of a table `[rows, columns]`: `[1, n] -> [1, n, columns]`.
   *
   * A table for lookup has eight bits, which lose little because nothing is multiplied. The table of embeddings may
   * also be the output matrix. If both uses store it alike, it is in the weights file once: as floats, as blocks of 8
   * bits, or as the file's own blocks. Own blocks with offsets are not used here, because the lookup operator cannot
   * add them.
   */
  lookUp(name: string, [rows, columns]: readonly [rows: number, columns: number], ids: Value): Value {
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
    // The last block of a row has padding.
    return b.op('Slice', [found, b.ints([0]), b.ints([columns]), b.ints([2])]);
  }

  /** A tensor of the checkpoint as floats, unchanged. */
  floats(name: string, dims: readonly number[]): Value {
    if (this.builder.has(name)) return name as Value;
    return this.builder.weight(name, dims, this.weights.read(name, dims));
  }

  /** @param blocks undefined to multiply with floats */
  private withMatrix(x: Value, named: NamedMatrix, inputs: number, blocks: MatrixBlocks | undefined): Value {
    const { name, outputs } = named;
    const addition = this.biasOf(named);
    if (blocks !== undefined) return this.withBlocks(x, name, blocks, addition);
    const matrix = this.floats(name, [outputs, inputs]);
    return this.plus(this.builder.msOp('FusedMatMul', [x, matrix], { transB: 1 }), addition);
  }

  /** @returns undefined if the matrix stays as floats */
  private readBlocks(name: string, outputs: number, inputs: number): MatrixBlocks | undefined {
    return this.storedBlocks(name, outputs, inputs) ?? this.roundedBlocks(name, outputs, inputs);
  }

  /** @returns undefined if the matrix stays as floats */
  private roundedBlocks(name: string, outputs: number, inputs: number): MatrixBlocks | undefined {
    if (this.bits === 32) return undefined;
    return quantise(this.weights.read(name, [outputs, inputs]), outputs, inputs, roundedBits(this.bits));
  }

  /** The result of `roundedBlocks` if it is in the weights file already. Rounding takes long. */
  private findRounded(name: string, inputs: number): WrittenMatrix | undefined {
    if (this.bits === 32) return undefined;
    const bits = roundedBits(this.bits);
    return this.written.get(blocksName(name, { bits, blockSize: blockSizeFor(inputs, bits) }));
  }

  /** The file's own blocks if `bits` allows them. They are not rounded a second time. */
  private storedBlocks(name: string, outputs: number, inputs: number): MatrixBlocks | undefined {
    if (this.bits === 32) return undefined;
    const stored = this.weights.readBlocks?.(name, outputs, inputs);
    return this.bits === 'stored' || stored?.bits === this.bits ? stored : undefined;
  }

  private withBlocks(x: Value, name: string, matrix: MatrixBlocks, bias: Value | undefined): Value {
    return this.product(x, this.write(name, matrix), bias);
  }

  /** Puts a matrix into the weights file, unless it is there already. */
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
    // accuracy_level 4 rounds the activations to int8 too. So the products are integer dot products.
    const product = b.msOp('MatMulNBits', [x, data, scales, undefined, undefined, bias], {
      K: columns,
      N: rows,
      bits,
      block_size: blockSize,
      accuracy_level: 4,
    });
    if (offsets === undefined) return product;
    // The offset of a block is the same for all its columns, so it multiplies the sum of their inputs. MatMulNBits
    // could take offsets as float zero points, but that is 160 times slower (docs/log.md, "Minimums of GGUF blocks").
    const sums = this.blockSums(x, Math.ceil(columns / blockSize), blockSize);
    return b.op('Add', [product, b.msOp('FusedMatMul', [sums, offsets], { transB: 1 })]);
  }

  private readonly blockSumsOf = new Map<string, Value>();

  /** `[1, n, blocks * blockSize] -> [1, n, blocks]`, computed once for all matrices with the same input. */
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

  /** If one matrix has a bias, the matrices without one get zeros. */
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

/** The key of a matrix of blocks. A table may be stored twice: in its own blocks, and in rounded ones for lookup. */
function blocksName(
  name: string,
  { bits, blockSize, offsets }: Pick<MatrixBlocks, 'bits' | 'blockSize' | 'offsets'>,
): string {
  return `${name}.int${bits}[${blockSize}]${offsets ? '+' : ''}`;
}

function roundedBits(bits: Exclude<WeightBits, 32>): 4 | 8 {
  return bits === 'stored' ? 8 : bits;
}
