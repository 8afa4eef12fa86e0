/** Turns the bytes of a ggml tensor into float32, or into the blocks that `MatMulNBits` multiplies. */

import {
  type BlockFormat,
  blockFormat,
  type DecodedBlock,
  type GgmlType,
  type MatrixBlocks,
} from './ggml-blocks';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats';

/** Writes the values of whole blocks to `into`, from index `at` on. */
export type Dequantiser = (bytes: Uint8Array<ArrayBuffer>, into: Float32Array, at: number) => void;

/** @returns undefined for a type that cannot be read */
export function dequantiser(type: GgmlType): Dequantiser | undefined {
  switch (type.name) {
    case 'F32':
      return (bytes, into, at) => into.set(new Float32Array(bytes.buffer), at);
    case 'F16':
      return (bytes, into, at) => into.set(float16ToFloat32(new Uint16Array(bytes.buffer)), at);
    case 'BF16':
      return (bytes, into, at) => into.set(bfloat16ToFloat32(new Uint16Array(bytes.buffer)), at);
  }
  const format = blockFormat(type);
  if (format === undefined) return undefined;
  const block = emptyBlock();
  return (bytes, into, at) => {
    for (let from = 0, to = at; from < bytes.length; from += type.blockBytes, to += type.blockElements) {
      format.decode(bytes, from, block);
      dequantiseBlock(block, format, into, to, type.blockElements);
    }
  };
}

function dequantiseBlock(
  { levels, scales, minimums }: DecodedBlock,
  { blockSize, hasMinimums }: BlockFormat,
  into: Float32Array,
  to: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const product = levels[i]! * scales[Math.floor(i / blockSize)]!;
    into[to + i] = hasMinimums ? product + minimums[Math.floor(i / blockSize)]! : product;
  }
}

/** Packs the blocks of a matrix, some rows at a time. */
export class BlockPacker {
  private readonly block = emptyBlock();
  private readonly format: BlockFormat;
  private readonly packed: Uint8Array;
  private readonly scales: Float32Array;
  private readonly offsets: Float32Array | undefined;
  private blocks = 0;

  /** @param type must have a `blockFormat` */
  constructor(
    private readonly type: GgmlType,
    private readonly rows: number,
    private readonly columns: number,
  ) {
    const format = blockFormat(type);
    if (format === undefined) throw new TypeError(`${type.name} has no blocks`);
    this.format = format;
    const elements = rows * columns;
    this.packed = new Uint8Array((elements * format.bits) / 8);
    this.scales = new Float32Array(elements / format.blockSize);
    this.offsets = format.hasMinimums ? new Float32Array(this.scales.length) : undefined;
  }

  /** @param bytes whole blocks, the ones that follow those added before */
  add(bytes: Uint8Array): void {
    const { blockSize, centre, bits } = this.format;
    const { levels, scales, minimums } = this.block;
    const zero = 2 ** (bits - 1) - centre;
    for (let from = 0; from < bytes.length; from += this.type.blockBytes) {
      this.format.decode(bytes, from, this.block);
      for (let start = 0; start < this.type.blockElements; start += blockSize) {
        const scale = scales[start / blockSize]!;
        this.scales[this.blocks] = scale;
        // (level - centre) * scale + offset = level * scale + minimum
        if (this.offsets) this.offsets[this.blocks] = minimums[start / blockSize]! + centre * scale;
        this.pack(levels, start, zero);
        this.blocks++;
      }
    }
  }

  private pack(levels: Int8Array, start: number, zero: number): void {
    const { packed } = this;
    const { bits, blockSize } = this.format;
    const at = (this.blocks * blockSize * bits) / 8;
    if (bits === 8) {
      for (let i = 0; i < blockSize; i++) packed[at + i] = levels[start + i]! + zero;
    } else {
      for (let i = 0; i < blockSize; i += 2)
        packed[at + i / 2] = (levels[start + i]! + zero) | ((levels[start + i + 1]! + zero) << 4);
    }
  }

  finish(): MatrixBlocks {
    const { format, rows, columns, packed, scales, offsets } = this;
    const { bits, blockSize } = format;
    return { bits, blockSize, rows, columns, packed, scales, ...(offsets && { offsets }) };
  }
}

function emptyBlock(): DecodedBlock {
  return { levels: new Int8Array(256), scales: new Float32Array(16), minimums: new Float32Array(16) };
}
