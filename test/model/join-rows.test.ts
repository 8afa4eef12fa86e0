import { expect, it } from 'vitest';
import type { MatrixBlocks } from '../../src/checkpoint/ggml-blocks';
import { joinRows } from '../../src/model/join-rows';
import { dequantise, quantise } from '../../src/model/quantise';
import { gaussian } from './gaussian';

const matrix = (rows: number, columns: number, bits: 4 | 8, blockSize = 32): MatrixBlocks =>
  quantise(gaussian(rows * columns, { seed: rows }), rows, columns, bits, blockSize);
const withOffsets = (blocks: MatrixBlocks): MatrixBlocks => ({
  ...blocks,
  offsets: blocks.scales.map(scale => -scale),
});

it.each([4, 8] as const)('puts matrices in int%i under each other, unchanged', bits => {
  const [a, b] = [matrix(5, 64, bits), matrix(3, 64, bits)];
  const joined = joinRows([a, b])!;
  expect(joined.rows).toBe(8);
  expect([...dequantise(joined)]).toEqual([...dequantise(a), ...dequantise(b)]);
});

it('joins offsets with their blocks', () => {
  const [a, b] = [withOffsets(matrix(2, 64, 4)), withOffsets(matrix(1, 64, 4))];
  expect(joinRows([a, b])!.offsets).toEqual(Float32Array.of(...a.offsets!, ...b.offsets!));
});

it.each([
  ['bits', matrix(2, 64, 8)],
  ['blocks', matrix(2, 64, 4, 16)],
  ['columns', matrix(2, 32, 4)],
  ['offsets', withOffsets(matrix(2, 64, 4))],
])('does not join matrices that differ in %s', (_, other) => {
  expect(joinRows([matrix(2, 64, 4), other])).toBeUndefined();
});
