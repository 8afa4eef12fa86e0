import { describe, expect, it } from 'vitest';
import { blockSizeFor, dequantise, quantise } from '../../src/model/quantise';
import { gaussian } from './gaussian';
import { relativeError } from './relative-error';

const rows = 16;
const columns = 80;
const blockSize = 32;
const weights = gaussian(rows * columns, { deviation: 0.02 });

const rounded = (matrix: Float32Array, bits: 4 | 8, width = matrix.length) =>
  dequantise(quantise(matrix, matrix.length / width, width, bits, blockSize));

describe('int8', () => {
  it('is off by half a step at most', () => {
    const { scales } = quantise(weights, rows, columns, 8);
    const blocks = Math.ceil(columns / blockSize);
    const back = rounded(weights, 8, columns);
    for (const [i, weight] of weights.entries()) {
      const step = scales[Math.floor(i / columns) * blocks + Math.floor((i % columns) / blockSize)]!;
      // A little more than half: the scale itself is rounded to float32.
      expect(Math.abs(back[i]! - weight)).toBeLessThanOrEqual(step * 0.50001);
    }
  });

  it('is exact for values that are on its grid', () => {
    const onGrid = Float32Array.from({ length: 255 }, (_, i) => (i - 127) / 64);
    // Each block needs the largest value, which sets the scale.
    for (let i = 0; i < onGrid.length; i += blockSize) onGrid[i] = -127 / 64;
    expect(rounded(onGrid, 8)).toEqual(onGrid);
  });

  it('has an error of half a percent on gaussian weights', () => {
    const many = gaussian(32_768);
    expect(relativeError(rounded(many, 8), many)).toBeLessThan(0.0054);
  });

  it('has a fifth more error in blocks of 128', () => {
    const many = gaussian(32_768);
    const long = dequantise(quantise(many, 1, many.length, 8, 128));
    expect(relativeError(long, many)).toBeLessThan(0.0064);
    expect(relativeError(long, many)).toBeGreaterThan(0.0054);
  });
});

describe('int4', () => {
  it.each([1, -1])('is exact for values that are on its grid, the longer side at %i', side => {
    const onGrid = Float32Array.from({ length: blockSize }, (_, i) => (side * ((i % 16) - 8)) / 16);
    expect(rounded(onGrid, 4)).toEqual(onGrid);
  });

  it('changes nothing the second time', () => {
    const once = rounded(weights, 4, columns);
    expect(relativeError(rounded(once, 4, columns), once)).toBeLessThan(1e-7);
  });

  it('has an error of 8 % on gaussian weights', () => {
    const many = gaussian(32_768);
    expect(relativeError(rounded(many, 4), many)).toBeLessThan(0.081);
  });

  it('has no more error than the scale of the largest value, in every block', () => {
    for (let start = 0; start < weights.length; start += blockSize) {
      const block = weights.subarray(start, start + blockSize);
      expect(relativeError(rounded(block, 4), block)).toBeLessThanOrEqual(naiveError(block));
    }
  });

  it('has 5 % less error than the scale of the largest value, over all blocks', () => {
    const many = gaussian(32_768);
    const naive = new Float32Array(many.length);
    for (let start = 0; start < many.length; start += blockSize)
      naive.set(naivelyRounded(many.subarray(start, start + blockSize)), start);
    expect(relativeError(rounded(many, 4), many)).toBeLessThan(0.95 * relativeError(naive, many));
  });
});

it('int4 finds the same scale as a search that tries every candidate to the end', () => {
  const matrix = gaussian(4096);
  const { scales } = quantise(matrix, 1, matrix.length, 4);
  const blocks = Array.from(scales, (_, block) =>
    matrix.subarray(block * blockSize, (block + 1) * blockSize),
  );
  expect([...scales]).toEqual(blocks.map(searchedScale));
});

it('int4 takes the first of two scales that are both exact', () => {
  // 7 is -7 * -1 and also -8 * -7/8. The rounding of the trainer (train/sotto_train/rounding.py) takes the former too.
  expect(quantise(Float32Array.of(7), 1, 1, 4).scales).toEqual(Float32Array.of(-1));
});

describe.each([4, 8] as const)('int%i', bits => {
  const zero = bits === 4 ? 0x88 : 128;

  it('keeps zeros and gives them a scale of 0', () => {
    const { packed, scales } = quantise(new Float32Array(64), 1, 64, bits, 32);
    expect([...scales]).toEqual([0, 0]);
    expect(new Set(packed)).toEqual(new Set([zero]));
    expect(rounded(new Float32Array(64), bits)).toEqual(new Float32Array(64));
  });

  it('fills a last block with zeros that do not change its scale', () => {
    const short = gaussian(20);
    const padded = new Float32Array(blockSize);
    padded.set(short);
    expect(quantise(short, 1, 20, bits)).toEqual({ ...quantise(padded, 1, blockSize, bits), columns: 20 });
  });

  it('rounds each row on its own', () => {
    const alone = quantise(weights.subarray(columns, 2 * columns), 1, columns, bits);
    const all = quantise(weights, rows, columns, bits);
    const bytes = alone.packed.length;
    expect(all.packed.subarray(bytes, 2 * bytes)).toEqual(alone.packed);
    expect(all.scales.subarray(3, 6)).toEqual(alone.scales);
  });

  it('keeps small values in a block beside large ones', () => {
    const matrix = new Float32Array(64).fill(1000, 0, 32).fill(0.001, 32);
    expect(relativeError(rounded(matrix, bits).subarray(32), matrix.subarray(32))).toBeLessThan(1e-6);
  });
});

it.each([
  { columns: 512, bits: 8, blockSize: 128 },
  { columns: 704, bits: 8, blockSize: 128 },
  { columns: 576, bits: 8, blockSize: 128 },
  { columns: 320, bits: 8, blockSize: 32 },
  { columns: 64, bits: 8, blockSize: 32 },
  { columns: 512, bits: 4, blockSize: 32 },
] as const)('rows of $columns have blocks of $blockSize in int$bits', row => {
  expect(blockSizeFor(row.columns, row.bits)).toBe(row.blockSize);
});

it('puts the lower half of a byte first', () => {
  const block = new Float32Array(blockSize);
  block.set([-8, 3]);
  expect(quantise(block, 1, blockSize, 4).packed[0]).toBe(0xb0);
});

/** Rounds a block without a search: the largest value gets level -8. */
function naivelyRounded(block: Float32Array): Float32Array {
  const extreme = block.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const scale = extreme / -8;
  return block.map(value => Math.min(7, Math.max(-8, Math.round(value / scale))) * scale);
}

function naiveError(block: Float32Array): number {
  return relativeError(naivelyRounded(block), block);
}

function searchedScale(block: Float32Array): number {
  const extreme = block.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const candidates = Array.from({ length: 21 }, (_, i) => Math.fround(extreme / -(8 + 0.1 * (i - 10))));
  const errors = candidates.map(scale =>
    block.reduce((sum, value) => {
      const level = Math.min(7, Math.max(-8, Math.round(value / scale)));
      return sum + (value - level * scale) ** 2;
    }, 0),
  );
  return candidates[errors.indexOf(Math.min(...errors))]!;
}
