import { describe, expect, it } from 'vitest';
import { type FloatTensor, type FloatType, floatsOf, floatTensor } from '../../src/onnx/onnx-runtime';
import { PresentCache } from '../../src/onnx/present-cache';

const sizes = { vocabulary: 10, layers: 1, kvHeads: 2, headDim: 2, contextLength: 4 };
/** 0, 1, 2 and so on as sixteen-bit floats. */
const halves = [0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600];

/** `[1, 2, ids.length, 2]`: the first head has the id of the token twice, the second head its negative twice. */
function rowsOf(type: FloatType, ids: readonly number[]): FloatTensor {
  const values = [1, -1].flatMap(sign => ids.flatMap(id => [sign * id, sign * id]));
  const data =
    type === 'float32'
      ? Float32Array.from(values)
      : Uint16Array.from(values, value => halves[Math.abs(value)]! | (value < 0 ? 0x8000 : 0));
  return floatTensor(data, [1, 2, ids.length, 2]);
}

const valuesOf = (tensor: FloatTensor) => [...floatsOf(tensor, 0, tensor.size)];

function cacheOf(type: FloatType, ids: readonly number[]): PresentCache {
  const cache = new PresentCache(sizes, type);
  cache.replace(ids, [rowsOf(type, ids), rowsOf(type, ids)]);
  return cache;
}

describe.each<FloatType>(['float32', 'float16'])('of %s', type => {
  it('has tensors without rows at first', () => {
    const cache = new PresentCache(sizes, type);
    expect([cache.length, cache.capacity]).toEqual([0, 4]);
    expect(cache.past.map(tensor => [tensor.type, ...tensor.dims])).toEqual([
      [type, 1, 2, 0, 2],
      [type, 1, 2, 0, 2],
    ]);
  });

  it('keeps the first rows of every head after a rewind', () => {
    const cache = cacheOf(type, [3, 4, 5]);
    cache.rewind(2);
    expect(cache.length).toBe(2);
    for (const tensor of cache.past) {
      expect([tensor.type, ...tensor.dims]).toEqual([type, 1, 2, 2, 2]);
      expect(valuesOf(tensor)).toEqual([3, 3, 4, 4, -3, -3, -4, -4]);
    }
  });

  it('can rewind to no tokens', () => {
    const cache = cacheOf(type, [3, 4, 5]);
    cache.rewind(0);
    expect(cache.past.map(tensor => tensor.dims)).toEqual(Array(2).fill([1, 2, 0, 2]));
  });
});

it('copies nothing in a rewind to its own length', () => {
  const cache = cacheOf('float32', [3, 4, 5]);
  const { past } = cache;
  cache.rewind(3);
  expect(cache.past).toBe(past);
});

it('counts the tokens that a prompt shares with it', () => {
  const cache = cacheOf('float32', [3, 4, 5]);
  expect([[3, 4, 6], [3, 4, 5, 6], [4], []].map(ids => cache.commonPrefix(ids))).toEqual([2, 3, 0, 0]);
  cache.rewind(1);
  expect(cache.commonPrefix([3, 4, 5])).toBe(1);
});

it('refuses tokens that do not fit and stays as it was', () => {
  const cache = cacheOf('float32', [3, 4, 5]);
  const { past } = cache;
  expect(() => cache.replace([6, 7], [])).toThrow(new RangeError('3 + 2 tokens do not fit a cache of 4'));
  expect([cache.length, cache.past]).toEqual([3, past]);
});
