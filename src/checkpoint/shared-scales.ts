/**
 * Blocks that share a scale, joined to longer ones. A product with fewer scales is faster (docs/log.md, "int8 in blocks of
 * 128"), but GGUF's Q8_0 and Q4_0 have blocks of 32 only. Our own files give several neighbours of a row the same scale,
 * and say so in `sotto.scale_block`. Other programs read them as any Q8_0 or Q4_0.
 */
import type { MatrixBlocks } from './ggml-blocks';
import type { JsonFile } from './json-file';

/** @returns the number of values of a row that share a scale; undefined if the file does not say so */
export function readScaleBlock(metadata: JsonFile): number | undefined {
  const field = 'sotto.scale_block';
  if (!metadata.has(field)) return undefined;
  const size = metadata.integer(field, { min: 32, max: 1024 });
  if (size % 32 !== 0) throw metadata.wrong(field, size, 'a multiple of 32');
  return size;
}

/**
 * The same matrix in blocks of `blockSize` values. An incomplete last block of a row is padded with zeros.
 * @returns undefined if blocks that should share a scale do not
 */
export function joinBlocks(matrix: MatrixBlocks, blockSize: number): MatrixBlocks | undefined {
  const { bits, rows, columns } = matrix;
  const each = blockSize / matrix.blockSize;
  const from = { blocks: columns / matrix.blockSize, bytes: (columns * bits) / 8 };
  const blocks = Math.ceil(from.blocks / each);
  const bytes = (blocks * blockSize * bits) / 8;
  const scales = new Float32Array(rows * blocks);
  const zero = bits === 8 ? 0x80 : 0x88;
  const packed = new Uint8Array(rows * bytes).fill(zero);
  for (let row = 0; row < rows; row++) {
    packed.set(matrix.packed.subarray(row * from.bytes, (row + 1) * from.bytes), row * bytes);
    for (let block = 0; block < from.blocks; block++) {
      const scale = matrix.scales[row * from.blocks + block]!;
      const at = row * blocks + Math.floor(block / each);
      if (block % each === 0) scales[at] = scale;
      else if (scales[at] !== scale) return undefined;
    }
  }
  return { bits, blockSize, rows, columns, packed, scales };
}
