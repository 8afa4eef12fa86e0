import { describe, expect, it } from 'vitest';
import { dropTyped } from '../../src/completion/judge';
import { scored } from './scored';

const text = scored(['foo', 0.5], ['Bar', 0.4], ['();', 0.9]);

describe('a text of which the user has typed', () => {
  it.each([
    [0, 'fooBar();', ['foo', 'Bar', '();'], [0.5, 0.4, 0.9]],
    [1, 'ooBar();', ['oo', 'Bar', '();'], [0.5, 0.4, 0.9]],
    [3, 'Bar();', ['', 'Bar', '();'], [1, 0.4, 0.9]],
    [4, 'ar();', ['', 'ar', '();'], [1, 0.4, 0.9]],
    [9, '', ['', '', ''], [1, 1, 1]],
  ])('%d characters is %j, and its typed tokens are certain', (length, left, tokens, probabilities) => {
    const rest = dropTyped(text, length);
    expect(rest.text).toBe(left);
    expect(rest.parts).toEqual(tokens);
    for (const [index, logProb] of rest.logProbs.entries())
      expect(Math.exp(logProb)).toBeCloseTo(probabilities[index]!);
  });
});

it('a token that begins a character stays uncertain until the character is typed', () => {
  const rest = dropTyped(scored(['a', 0.5], ['', 0.2], ['é', 0.3]), 1);
  expect(rest.logProbs.map(Math.exp)).toEqual([1, expect.closeTo(0.2), expect.closeTo(0.3)]);
});
