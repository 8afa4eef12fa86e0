import { describe, expect, it } from 'vitest';
import { createCachePool, KvCache } from '../../src/generation/kv-cache';

const sizes = { layers: 2, kvHeads: 1, headDim: 2, contextLength: 4 };

/** The rows of tokens in a layer: the key is `[id, layer]`, the value is the negative of that. */
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

it('has only the blank row at first', () => {
  const cache = new KvCache(sizes);
  expect([cache.length, cache.capacity]).toEqual([0, 4]);
  expect(keys(cache)).toEqual([0, 0]);
});

it('holds the rows of each layer after the blank row', () => {
  const cache = cacheOf(7, 8);
  cache.append([9], rowsOf([9]));
  expect(cache.length).toBe(3);
  expect([...cache.past(0).key]).toEqual([0, 0, 7, 0, 8, 0, 9, 0]);
  expect([...cache.past(1).key]).toEqual([0, 0, 7, 1, 8, 1, 9, 1]);
  expect([...cache.past(1).value]).toEqual([0, 0, -7, -1, -8, -1, -9, -1]);
});

it('returns its rows without a copy', () => {
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
])('has the beginning in common with %j: %i tokens', (ids, expected) => {
  expect(cacheOf(7, 8, 9).commonPrefix(ids)).toBe(expected);
});

describe('after a rewind, a cache', () => {
  it('holds the first tokens only', () => {
    const cache = cacheOf(7, 8, 9);
    cache.rewind(1);
    expect(keys(cache)).toEqual([0, 0, 7, 1]);
    expect(cache.commonPrefix([7, 8, 9])).toBe(1);
  });

  it('takes new tokens from there', () => {
    const cache = cacheOf(7, 8, 9);
    cache.rewind(1);
    cache.append([5], rowsOf([5]));
    expect(keys(cache)).toEqual([0, 0, 7, 1, 5, 1]);
    expect(cache.commonPrefix([7, 5])).toBe(2);
  });

  it('to more tokens than it has is unchanged', () => {
    const cache = cacheOf(7, 8);
    cache.rewind(4);
    expect(cache.length).toBe(2);
  });
});

describe('a token too many', () => {
  it('is refused and changes nothing', () => {
    const cache = cacheOf(6, 7, 8);
    expect(() => cache.append([9, 9], rowsOf([9, 9]))).toThrow(
      new RangeError('3 + 2 tokens do not fit a cache of 4'),
    );
    expect(keys(cache)).toEqual([0, 0, 6, 1, 7, 1, 8, 1]);
  });

  it('is the one beyond the capacity', () => {
    expect(cacheOf(6, 7, 8, 9).length).toBe(4);
    expect(() => cacheOf(5, 6, 7, 8, 9)).toThrow(RangeError);
  });
});

describe('a pool of caches', () => {
  /** Takes caches for `prompts` in turn, where each letter is a token. Each line is `prompt -> number of its cache`. */
  function taken(limit: number, ...prompts: readonly string[]): string[] {
    const sizes = { layers: 1, kvHeads: 1, headDim: 1, contextLength: 16 };
    const all: KvCache[] = [];
    const pool = createCachePool(() => {
      const cache = new KvCache(sizes);
      all.push(cache);
      return cache;
    }, limit);
    return prompts.map(prompt => {
      const ids = [...prompt].map(letter => letter.charCodeAt(0));
      const cache = pool.take(ids);
      cache.rewind(cache.commonPrefix(ids));
      const rest = ids.slice(cache.length);
      cache.append(rest, () => ({
        key: new Float32Array(rest.length),
        value: new Float32Array(rest.length),
      }));
      return `${prompt} -> ${all.indexOf(cache)}`;
    });
  }

  it('gives a longer prompt the cache of its beginning', () =>
    expect(taken(3, 'abcd', 'abcde')).toEqual(['abcd -> 0', 'abcde -> 0']));

  it('gives another file another cache, and keeps the first for the way back', () =>
    expect(taken(3, 'abcd', 'wxyz', 'abcde')).toEqual(['abcd -> 0', 'wxyz -> 1', 'abcde -> 0']));

  it('does not give a prompt a cache that serves less than half of it', () =>
    expect(taken(3, 'abcdef', 'abuvwx', 'abcdefg')).toEqual(['abcdef -> 0', 'abuvwx -> 1', 'abcdefg -> 0']));

  it('gives the cache that serves more of the prompt', () =>
    expect(taken(3, 'abcdef', 'abcxyz', 'abcxy')).toEqual(['abcdef -> 0', 'abcxyz -> 0', 'abcxy -> 0']));

  it('gives the cache that was taken longest ago if it has no room for another', () =>
    expect(taken(2, 'aaaa', 'bbbb', 'aaaac', 'dddd', 'aaaacd', 'bbbb')).toEqual([
      'aaaa -> 0',
      'bbbb -> 1',
      'aaaac -> 0',
      'dddd -> 1',
      'aaaacd -> 0',
      'bbbb -> 1',
    ]));

  it('always gives its only cache if it has room for one', () =>
    expect(taken(1, 'aaaa', 'bbbb', 'cccc')).toEqual(['aaaa -> 0', 'bbbb -> 0', 'cccc -> 0']));
});
