import { expect, it } from 'vitest';
import { isLineBreak, nextWord } from '../../src/document/words';

function check(text: string, ...expected: readonly string[]) {
  const words: string[] = [];
  for (let at = 0; at < text.length; at += words.at(-1)!.length) words.push(nextWord(text, at));
  expect(words).toEqual(expected);
}

it('a word and a sign have the blanks before them', () =>
  check('a = foo_1($b)', 'a', ' =', ' foo_1', '(', '$b', ')'));
it('a line break has the indentation after it, and what was blank before', () =>
  check('a \n\n\t b', 'a', ' \n\n\t ', 'b'));
it('letters of any script are words', () => check('größe 変数', 'größe', ' 変数'));
it('a character is never halved', () => check('👍👍', '👍', '👍'));
it('blanks at the end are a word', () => check('a  ', 'a', '  '));
it('nothing follows the end', () => expect(nextWord('a', 1)).toBe(''));
it('only a line break is one', () =>
  expect(['\n  ', ' a', ''].map(isLineBreak)).toEqual([true, false, false]));
