import { expect, it } from 'vitest';
import { promptLookup } from '../../src/generation/prompt-lookup';

/** `1 2 3 4 / 2 3`: the tokens so far; `-> 4 2 3`: what may follow. */
function check(history: string, expected: string, limit = 3) {
  const ids = history.split(' ').map(Number);
  expect(promptLookup(ids, limit).join(' ')).toBe(expected);
}

it('says what followed the last tokens before', () => check('1 2 3 4 5 9 1 2', '3 4 5'));
it('does not trust a single token', () => check('1 2 3 9 1', ''));
it('prefers the longer match', () => check('1 2 3 7 8 2 3 5 6 1 2 3', '7 8 2'));
it('prefers the later of two as long', () => check('1 2 3 1 2 4 1 2', '4 1 2'));
it('looks at four tokens at most, the latest place first', () =>
  check('9 1 2 3 4 5 8 1 2 3 4 6 9 1 2 3 4', '6 9 1'));
it('goes on into what it repeats', () => check('1 2 1 2', '1 2'));
it('gives no more than it was asked for', () => check('1 2 3 4 5 9 1 2', '3', 1));
it('gives nothing where there is room for nothing', () => check('1 2 3 4 5 9 1 2', '', 0));
it.each(['', '1', '1 1', '1 2 3'])('knows nothing after [%s]', history => {
  expect(promptLookup(history === '' ? [] : history.split(' ').map(Number), 3)).toEqual([]);
});
