import { describe, expect, it } from 'vitest';
import { KvCache } from '../../src/generation/kv-cache';

const sizes = { vocabulary: 10, layers: 2, kvHeads: 1, headDim: 2, contextLength: 4 };

/** The rows of tokens in a layer: `[id, layer]` as keys, the same negative as values. */
const rowsOf = (ids: readonly number[]) => (layer: number) => {
  const key = Float32Array.from(ids.flatMap(id => [id, layer]));
  return { key, value: key.map(number => -number) };
};

function cacheOf(...ids: number[]): KvCache {
  const cache = new KvCache(sizes);
  cache.append(ids, rowsOf(ids));
  return cache;
}

/** The keys of layer 1, the blank row first. */
const keys = (cache: KvCache) => [...cache.past(1).key];

it('begins with the blank row only', () => {
  const cache = new KvCache(sizes);
  expect([cache.length, cache.capacity]).toEqual([0, 4]);
  expect(keys(cache)).toEqual([0, 0]);
});

it('holds the rows of each layer behind the blank one', () => {
  const cache = cacheOf(7, 8);
  cache.append([9], rowsOf([9]));
  expect(cache.length).toBe(3);
  expect([...cache.past(0).key]).toEqual([0, 0, 7, 0, 8, 0, 9, 0]);
  expect([...cache.past(1).key]).toEqual([0, 0, 7, 1, 8, 1, 9, 1]);
  expect([...cache.past(1).value]).toEqual([0, 0, -7, -1, -8, -1, -9, -1]);
});

it('gives its rows without copying them', () => {
  const cache = cacheOf(7);
  expect(cache.past(1).key.buffer).toBe(cache.past(1).key.buffer);
  cache.past(1).key[2] = 5;
  expect(keys(cache)).toEqual([0, 0, 5, 1]);
});

it.each([
  [[7, 8, 9], 3],
  [[7, 8, 9, 6], 3],
  [[7, 8], 2],
  [[7, 5, 9], 1],
  [[8, 7], 0],
  [[], 0],
])('shares with %j its first %i tokens', (ids, expected) => {
  expect(cacheOf(7, 8, 9).commonPrefix(ids)).toBe(expected);
});

describe('after going back', () => {
  it('holds the first tokens only', () => {
    const cache = cacheOf(7, 8, 9);
    cache.rewind(1);
    expect(keys(cache)).toEqual([0, 0, 7, 1]);
    expect(cache.commonPrefix([7, 8, 9])).toBe(1);
  });

  it('goes on from there', () => {
    const cache = cacheOf(7, 8, 9);
    cache.rewind(1);
    cache.append([5], rowsOf([5]));
    expect(keys(cache)).toEqual([0, 0, 7, 1, 5, 1]);
    expect(cache.commonPrefix([7, 5])).toBe(2);
  });

  it('to where it has not been is where it was', () => {
    const cache = cacheOf(7, 8);
    cache.rewind(4);
    expect(cache.length).toBe(2);
  });
});

describe('what does not fit', () => {
  it('is refused and changes nothing', () => {
    const cache = cacheOf(6, 7, 8);
    expect(() => cache.append([9, 9], rowsOf([9, 9]))).toThrow(
      new RangeError('3 + 2 tokens do not fit a cache of 4'),
    );
    expect(keys(cache)).toEqual([0, 0, 6, 1, 7, 1, 8, 1]);
  });

  it('is one token more than the capacity', () => {
    expect(cacheOf(6, 7, 8, 9).length).toBe(4);
    expect(() => cacheOf(5, 6, 7, 8, 9)).toThrow(RangeError);
  });
});
