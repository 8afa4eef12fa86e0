import { expect, it } from 'vitest';
import { createCachePool } from '../../src/generation/cache-pool';
import { KvCache } from '../../src/generation/kv-cache';

/** `pool('ab', 'cd')`: prompts one after another, a letter a token; each line `prompt -> number of its cache`. */
function taken(limit: number, ...prompts: readonly string[]): string[] {
  const sizes = { vocabulary: 100, layers: 1, kvHeads: 1, headDim: 1, contextLength: 16 };
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
    cache.append(rest, () => ({ key: new Float32Array(rest.length), value: new Float32Array(rest.length) }));
    return `${prompt} -> ${all.indexOf(cache)}`;
  });
}

it('a prompt that goes on takes the cache of its beginning', () =>
  expect(taken(3, 'abcd', 'abcde')).toEqual(['abcd -> 0', 'abcde -> 0']));

it('another file takes another cache, and the first is there to come back to', () =>
  expect(taken(3, 'abcd', 'wxyz', 'abcde')).toEqual(['abcd -> 0', 'wxyz -> 1', 'abcde -> 0']));

it('a prompt that shares less than half leaves the cache alone', () =>
  expect(taken(3, 'abcdef', 'abuvwx', 'abcdefg')).toEqual(['abcdef -> 0', 'abuvwx -> 1', 'abcdefg -> 0']));

it('of two that serve it takes the one that serves more', () =>
  expect(taken(3, 'abcdef', 'abcxyz', 'abcxy')).toEqual(['abcdef -> 0', 'abcxyz -> 0', 'abcxy -> 0']));

it('where there is no room, the one taken longest ago goes', () =>
  expect(taken(2, 'aaaa', 'bbbb', 'aaaac', 'dddd', 'aaaacd', 'bbbb')).toEqual([
    'aaaa -> 0',
    'bbbb -> 1',
    'aaaac -> 0',
    'dddd -> 1',
    'aaaacd -> 0',
    'bbbb -> 1',
  ]));

it('a single cache is always taken', () =>
  expect(taken(1, 'aaaa', 'bbbb', 'cccc')).toEqual(['aaaa -> 0', 'bbbb -> 0', 'cccc -> 0']));
