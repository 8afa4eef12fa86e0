import { describe, expect, it } from 'vitest';
import { jaccard, wordSet } from '../../src/other-files/word-set';

describe('the words of a text', () => {
  const check = (text: string, ...words: string[]) => expect([...wordSet(text)]).toEqual(words);

  it('are its identifiers, each once', () => check('total += price(total)', 'total', 'price'));
  it('may have digits, dollars and underscores', () => check('$el_2 = _private1', '$el_2', '_private1'));
  it('may be of any alphabet', () => check('größe = 値段表', 'größe', '値段表'));
  it('are no keywords, short names or numbers', () => check('const if = a1; return 12345'));
});

describe('the similarity of two sets', () => {
  const check = (a: string, b: string, expected: number) =>
    expect(jaccard(wordSet(a), wordSet(b))).toBeCloseTo(expected, 10);

  it('is what they share over all that they have', () => check('one two three', 'three four', 1 / 4));
  it('is 1 for the same words in any order', () => check('one two', 'two one', 1));
  it('is 0 for nothing in common', () => check('one', 'two', 0));
  it('is 0 for empty ones', () => check('', '', 0));
  it('does not depend on which comes first', () => check('three four', 'one two three', 1 / 4));
});
