/**
 * Rounds weights to 4 or 8 bits, in the layout that ONNX Runtime's `MatMulNBits` reads.
 *
 * Each row of a weight matrix `[outputs, inputs]` is cut into blocks. The values of a block share one float scale. A
 * value is `(level - zero) * scale`, where `zero` is 8 (int4) or 128 (int8). With blocks of 32 this is the arithmetic
 * of GGUF's Q4_0 and Q8_0.
 * Layout: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
 */
import type { MatrixBlocks } from '../checkpoint/ggml-blocks';

/** The block of GGUF. The error of 4 bits grows with the largest value of a block, so longer blocks would lose more. */
const shortBlock = 32;
/**
 * With fewer scales a product in int8 is 1.3 times as fast, and perplexity rises by 0.2 % (docs/log.md, "int8 in
 * blocks of 128").
 */
const longBlock = 128;

/** The number of values that share a scale. Blocks are long if the padding of a row is at most an eighth of it. */
export function blockSizeFor(columns: number, bits: 4 | 8): number {
  const padding = Math.ceil(columns / longBlock) * longBlock - columns;
  return bits === 8 && padding <= columns / 8 ? longBlock : shortBlock;
}

/** Blocks around zero: rounding here needs no offsets. */
export type QuantisedMatrix = Omit<MatrixBlocks, 'offsets'>;

/** @param matrix `[rows, columns]`, row by row. An incomplete last block of a row is padded with zeros */
export function quantise(
  matrix: Float32Array,
  rows: number,
  columns: number,
  bits: 4 | 8,
  blockSize = blockSizeFor(columns, bits),
): QuantisedMatrix {
  const blocks = Math.ceil(columns / blockSize);
  const blockBytes = (blockSize * bits) / 8;
  const packed = new Uint8Array(rows * blocks * blockBytes);
  const scales = new Float32Array(rows * blocks);
  const levels = new Uint8Array(blockSize);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * columns + block * blockSize;
      const end = Math.min(start + blockSize, (row + 1) * columns);
      const values = matrix.subarray(start, end);
      const index = row * blocks + block;
      const at = index * blockBytes;
      if (bits === 8) {
        scales[index] = roundBlock(values, largestMagnitude(values) / 127, 128, 255, levels);
        packed.set(levels, at);
      } else {
        scales[index] = roundBlockToFourBits(values, levels);
        for (let i = 0; i < blockBytes; i++) packed[at + i] = levels[2 * i]! | (levels[2 * i + 1]! << 4);
      }
    }
  }
  return { bits, blockSize, rows, columns, packed, scales };
}

/** The matrix that the rounded values stand for. Tests measure the error of rounding with it. */
export function dequantise({
  bits,
  blockSize,
  rows,
  columns,
  packed,
  scales,
}: QuantisedMatrix): Float32Array {
  const blocks = Math.ceil(columns / blockSize);
  const zero = 1 << (bits - 1);
  const matrix = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const position = row * blocks * blockSize + column;
      const level = bits === 8 ? packed[position]! : (packed[position >> 1]! >> (position & 1 ? 4 : 0)) & 0xf;
      matrix[row * columns + column] = (level - zero) * scales[Math.floor(position / blockSize)]!;
    }
  }
  return matrix;
}

/**
 * Four bits are few, so the best scale is searched. The first candidate maps the largest value onto level -8. The other
 * 20 are a little larger or smaller. The one with the smallest squared error wins, as in llama.cpp.
 */
function roundBlockToFourBits(values: Float32Array, levels: Uint8Array): number {
  let extreme = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  if (extreme === 0) return roundBlock(values, 0, 8, 15, levels);
  // The lowest level is 8 steps below zero, the highest only 7 above. The largest value takes the longer side.
  const candidate = (step: number) => Math.fround(extreme / -(8 + 0.1 * step));
  let bestScale = 0;
  // The middle candidate is usually good. So the error of most others passes its error half way, and they stop there.
  // Of two equal candidates the first wins.
  let bestError = roundingError(values, candidate(0), Number.POSITIVE_INFINITY);
  for (let step = -10; step <= 10; step++) {
    const scale = candidate(step);
    const error = roundingError(values, scale, bestError);
    if (error < bestError || (error === bestError && bestScale === 0)) {
      bestError = error;
      bestScale = scale;
    }
  }
  return roundBlock(values, bestScale, 8, 15, levels);
}

/** The squared error, or any number above `limit` if it is larger than `limit`. */
function roundingError(values: Float32Array, scale: number, limit: number): number {
  const inverse = 1 / scale;
  let error = 0;
  // Importing a large model spends most of its time here. With an index, and `floor` instead of `round`, the loop takes
  // a third of the time.
  for (let i = 0; i < values.length && error <= limit; i++) {
    const value = values[i]!;
    const steps = Math.floor(value * inverse + 0.5);
    const level = steps < -8 ? -8 : steps > 7 ? 7 : steps;
    const difference = value - level * scale;
    error += difference * difference;
  }
  return error;
}

/** Writes `round(value / scale) + zero` into `levels`, and `zero` into the padding. @returns the scale */
function roundBlock(
  values: Float32Array,
  scale: number,
  zero: number,
  highest: number,
  levels: Uint8Array,
): number {
  const inverse = scale === 0 ? 0 : 1 / scale;
  levels.fill(zero);
  for (let i = 0; i < values.length; i++)
    levels[i] = Math.min(highest, Math.max(0, Math.floor(values[i]! * inverse + 0.5) + zero));
  return scale;
}

function largestMagnitude(values: Float32Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
