import { describe, expect, it } from 'vitest';
import { createSuggestionCache } from '../../../src/completion/sources/remembered';
import { sure } from '../judge/scored';

/** Sets `key` or, with `?`, gets it; then says which of `keys` are there, from a cache of two. */
function check(steps: string, keys: string) {
  const cache = createSuggestionCache(2);
  for (const step of steps.split(' ')) {
    if (step.endsWith('?')) cache.get(step.slice(0, -1));
    else cache.set(step, { ...sure(`text of ${step}`), scope: 'line' });
  }
  const found = ['a', 'b', 'c'].filter(key => cache.get(key) !== undefined);
  expect(found.join(' ')).toBe(keys);
}

describe('the suggestion cache', () => {
  it('keeps as many as it may', () => check('a b', 'a b'));
  it('drops the oldest', () => check('a b c', 'b c'));
  it('keeps what was asked for lately', () => check('a b a? c', 'a c'));
  it('keeps what was set again lately', () => check('a b a c', 'a c'));
  it('takes no room for the same key', () => check('a b b b', 'a b'));

  it('gives what was set last', () => {
    const cache = createSuggestionCache(2);
    cache.set('a', { ...sure('old'), scope: 'line' });
    cache.set('a', { ...sure('new'), scope: 'block' });
    expect(cache.get('a')).toEqual({ ...sure('new'), scope: 'block' });
  });
});
