import { describe, it } from 'vitest';
import {
  cutHiddenCharacters,
  cutTrainingMarks,
  dropHalfCharacter,
} from '../../../src/completion/filters/clean-text';
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

describe('cutTrainingMarks', () => {
  const check = createCheck(cutTrainingMarks);

  it.each([
    '<|cursor|>',
    '<|fim_pad|>',
    '<|endoftext|>',
    '<｜fim▁hole｜>',
    '<PRE>',
    '▁<MID>',
    '</s>',
    '[SUFFIX]',
    '<fim_middle>',
    '<file_sep>',
    '<end_of_turn>',
    '<0x0A>',
    '<[fim-suffix]>',
    '<[end▁of▁sentence]>',
    '[gMASK]',
    '<sop>',
    '<think>',
    '</tool_call>',
    '<extra_id_0>',
    '[TOOL_RESULTS]',
  ])('cuts before %s', mark => check('a = █', `foo()${mark}bar`, 'foo()'));
  it('keeps a mark that the document holds', () =>
    check("const pad = '<|fim_pad|>';\nb = █", "'<|fim_pad|>';", "'<|fim_pad|>';"));
  it('keeps the end of a tag that the document has opened', () => check('<s>old█', '</s>', '</s>'));
  it('cuts before </s> in markup unless the tag is open', () => {
    check('<p>█</p>', 'old</s>', 'old', 'vue');
    check('<p>█</p>', '<s>old</s>', '<s>old</s>', 'vue');
    check('<s>█', 'old</s>', 'old</s>', 'html');
  });
  it('keeps comparisons and types', () => {
    check('a = █', 'b < c || d > e', 'b < c || d > e');
    check('a = █', 'new Map<string, Set<number>>()', 'new Map<string, Set<number>>()');
    check('a = █', 'list[PREFIX_LENGTH]', 'list[PREFIX_LENGTH]');
    check('let a: █', 'Box<[u8]>', 'Box<[u8]>', 'rust');
  });
});

describe('dropHalfCharacter', () => {
  const check = createCheck(dropHalfCharacter);
  it('drops an emoji that ends in a joiner', () => check('a = "█', 'ok 👩\u200d', 'ok '));
  it('keeps a whole one', () => check('a = "█', 'ok 👩\u200d🔧', 'ok 👩\u200d🔧'));
});
