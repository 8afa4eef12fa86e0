import { describe, it } from 'vitest';
import { cutHiddenCharacters } from '../../../src/completion/filters/hidden-characters';
import { createCheck } from './check-filter';

const check = createCheck(cutHiddenCharacters);

describe('a suggestion is cut before', () => {
  it.each([
    ['a right-to-left override', '\u202e'],
    ['a right-to-left isolate', '\u2067'],
    ['the end of an isolate', '\u2069'],
    ['a right-to-left mark', '\u200f'],
    ['an Arabic letter mark', '\u061c'],
    ['a space without width', '\u200b'],
    ['a joiner after ASCII', '\u200d'],
    ['a byte order mark', '\ufeff'],
    ['a soft hyphen', '\u00ad'],
    ['a Hangul filler', '\u3164'],
    ['a tag', '\u{e0041}'],
    ['a line separator', '\u2028'],
    ['a lone carriage return', '\r'],
    ['a NUL', '\0'],
    ['an escape', '\u001b'],
    ['the mark of bytes that are not text', '\ufffd'],
    ['the first half of a surrogate pair', '\ud83d'],
    ['the second half of a surrogate pair', '\ude00'],
  ])('%s', (_, hidden) => {
    check('a█', `b();${hidden}c`, 'b();');
    check('a█', `${hidden}b`, '');
  });
});

describe('a suggestion is kept if it has', () => {
  it.each([
    ['tabs and line ends', '\tb();\n\tc();'],
    ['right-to-left letters', '"שלום" + "مرحبا"'],
    ['combining marks', 'e\u0301 = n\u0303'],
    ['emoji of several characters', '"👩\u200d💻❤️🇳🇱"'],
    ['the joiners of Persian and Hindi', '"می\u200cخواهم क्\u200dष"'],
  ])('%s', (_, text) => check('a█', text, text));
});
