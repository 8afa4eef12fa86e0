import { describe, expect, it } from 'vitest';
import {
  endsInWord,
  indentationOf,
  isLineBreak,
  isWordCharacter,
  keysOf,
  lastWord,
  nextWord,
  startsInWord,
  wholeCharacters,
} from '../../src/document/words';

describe('nextWord', () => {
  function check(text: string, ...expected: readonly string[]) {
    const words: string[] = [];
    for (let at = 0; at < text.length; at += words.at(-1)!.length) words.push(nextWord(text, at));
    expect(words).toEqual(expected);
  }

  it('gives a word or a sign the blanks before it', () =>
    check('a = foo_1($b)', 'a', ' =', ' foo_1', '(', '$b', ')'));
  it('gives a line break the blanks before it and the indentation after it', () =>
    check('a \n\n\t b', 'a', ' \n\n\t ', 'b'));
  it('takes letters of any script', () => check('größe 変数', 'größe', ' 変数'));
  it('never splits a character', () => check('👍👍', '👍', '👍'));
  it('takes blanks at the end as a word', () => check('a  ', 'a', '  '));
  it('is empty at the end of the text', () => expect(nextWord('a', 1)).toBe(''));
});

describe('keysOf', () => {
  it('counts a character as a key', () => expect(keysOf('a👍b')).toBe(3));
  it('counts a line break with its indentation as one key', () => expect(keysOf('a\n    b\r\n\tc')).toBe(5));
});

it('only a line break is one', () =>
  expect(['\n  ', ' a', ''].map(isLineBreak)).toEqual([true, false, false]));

it.each([
  ['const größe', 'größe'],
  ['foo(', '('],
  ['foo.$_1', '$_1'],
  ['👍', '👍'],
  ['foo ', undefined],
  ['', undefined],
])('the last word of %j is %j', (text, expected) => expect(lastWord(text)).toBe(expected));

it.each([
  ['foo', true, true],
  ['1(', true, false],
  [' _', false, true],
  ['$', true, true],
  ['変数', true, true],
  ['𝒳', true, true],
  ['👍', false, false],
  ['', false, false],
])('%j starts in a word: %s, ends in one: %s', (text, starts, ends) => {
  expect(startsInWord(text)).toBe(starts);
  expect(endsInWord(text)).toBe(ends);
});

it('a word character is a letter, a digit, an underscore or a dollar, and never half of a pair', () =>
  expect([...'aé変1_$'].map(one => isWordCharacter(one, 0))).toEqual([true, true, true, true, true, true]));
it.each(['(', ' ', '', '𝒳'])('%j does not begin with one', text =>
  expect(isWordCharacter(text, 0)).toBe(false),
);

describe('indentationOf', () => {
  it.each([
    ['a', 0],
    ['  a', 2],
    ['\ta', 4],
    ['\t  a  ', 6],
    ['   ', 3],
    ['', 0],
  ])('%j is %d columns', (line, columns) => expect(indentationOf(line)).toBe(columns));
});

describe('a word holds whole characters, as a reader sees them', () => {
  it.each([
    ['👩\u200d🔧 fixing', '👩\u200d🔧'],
    ['🇩🇪🇫🇷', '🇩🇪'],
    ['e\u0301a = 1', 'e\u0301a'],
    ['नमस्ते दुनिया', 'नमस्ते'],
    ['\u1112\u1161\u11ab글', '\u1112\u1161\u11ab글'],
    ['(👍🏽)', '('],
    ['👍🏽)', '👍🏽'],
    ['1\ufe0f\u20e3 2', '1\ufe0f\u20e3'],
  ])('%j begins with %j', (text, word) => expect(nextWord(text, 0)).toBe(word));

  it('and a cut moves back to where a character begins', () => {
    expect(wholeCharacters('a👩\u200d🔧', 3)).toBe(1);
    expect(wholeCharacters('ae\u0301', 2)).toBe(1);
    expect(wholeCharacters('abc', 2)).toBe(2);
  });
});
