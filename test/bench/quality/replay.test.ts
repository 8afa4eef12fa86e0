/** The user's rule: what is accepted stands in brackets, and a suggestion's verdict is a letter in their order. */
import { describe, expect, it } from 'vitest';
import { replay } from '../../../bench/quality/replay';
import { answersOf, type Said, stretchOf } from './typed-stretch';

/** @param verdicts of each distinct suggestion: `W`hole, `r`ight, or `.` for neither */
function check(
  marked: string,
  said: Readonly<Record<string, string | Said>>,
  expected: string,
  verdicts: string,
): void {
  const stretch = stretchOf(marked);
  const { shown, keystrokes, characters } = replay(stretch, answersOf(stretch, said));
  const { text } = stretch.source;
  let written = '';
  let at = stretch.from;
  for (const { at: start, suggestion, saved } of shown) {
    if (saved === 0) continue;
    // Where the user typed along before accepting, the suggestion is what was left of it.
    const from = start;
    written += `${text.slice(at, from)}[${suggestion.text}]`;
    at = from + suggestion.text.length;
  }
  written += text.slice(at, stretch.to);
  const letters = shown.map(({ isWhole, isRight }) => (isWhole ? 'W' : isRight ? 'r' : '.')).join('');
  const savedKeys = shown.reduce((sum, { saved }) => sum + saved, 0);
  expect([written, letters]).toEqual([expected, verdicts]);
  expect(characters - keystrokes).toBe(savedKeys);
}

describe('the user accepts', () => {
  it('the rest of the line', () => check('«foo(bar)»', { fo: 'o(bar)' }, 'fo[o(bar)]', 'W'));
  it('what stops before the line does, where a token ends', () =>
    check('«foo(bar)»', { fo: 'o(' }, 'fo[o(]bar)', 'r'));
  it('one after another', () => check('«foo(bar)»', { f: 'oo', foo: '(bar)' }, 'f[oo][(bar)]', 'rW'));
  it('all lines of a block', () => check('a {\n  «b;\n  c;»\n}', { b: ';\n  c;' }, 'b[;\n  c;]', 'W'));
  it('what takes the place of the closed bracket', () =>
    check('«foo(bar);»', { 'foo(': { text: 'bar);', replaceAfter: 1 } }, 'foo([bar);]', 'W'));
  it('what stops before the closed bracket', () => check('«foo(bar)»', { 'foo(': 'bar' }, 'foo([bar])', 'r'));
});

describe('the user does not accept', () => {
  it('what the file does not say', () => check('«foo(bar)»', { fo: 'r (' }, 'foo(bar)', '.'));
  it('half a word', () => check('«foo(bar)»', { f: 'oo(ba' }, 'foo(bar)', '.'));
  it('a single character: the key that accepts is one too', () => check('«ab;»', { ab: ';' }, 'ab;', 'W'));
  it('more than the file says', () => check('«foo()»\nbar', { f: 'oo()\nbar' }, 'foo()', 'W'));
  it('a second line that is wrong, though the first is right', () =>
    check('a {\n  «b;\n  c;»\n}', { b: ';\n  d;' }, 'b;\n  c;', 'W'));
  it('a bracket twice', () => check('«foo(bar)»', { 'foo(': 'bar)' }, 'foo(bar)', '.'));
  it('anything at the end', () => check('«foo»', { foo: ' + 1' }, 'foo', '.'));
});

describe('a suggestion counts', () => {
  it('once while it is typed along', () =>
    check('«foo(bar)»', { f: 'oo(baz', fo: 'o(baz', foo: '(baz' }, 'foo(bar)', '.'));
  it('again when it is another', () =>
    check('«foo(bar)»', { f: 'ox', fo: 'xx', foo: 'xx' }, 'foo(bar)', '...'));
  it('again when it was gone', () => check('«foo(bar)»', { f: 'oo(baz', foo: '(baz' }, 'foo(bar)', '..'));
  it('not where nothing is left of it', () => check('«foo»', { f: '' }, 'foo', ''));
});

it('a line break is one key, with its indentation', () => {
  const { characters } = replay(stretchOf('a {\n    «b\n    c»\n}'), new Map());
  expect(characters).toBe(3);
});

it('an emoji is one key', () => {
  expect(replay(stretchOf("«'👍'»"), new Map()).keystrokes).toBe(3);
});
