/** The user's rule. Accepted text is in brackets. Each suggestion has a letter for its verdict, in their order. */
import { describe, expect, it } from 'vitest';
import { replay } from '../../../bench/quality/replay';
import { answersOf, type Said, stretchOf } from './typed-stretch';

/** @param verdicts a letter for each distinct suggestion: `W`hole, `r`ight, or `.` for neither */
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
    written += `${text.slice(at, start)}[${suggestion.text}]`;
    at = start + suggestion.text.length;
  }
  written += text.slice(at, stretch.to);
  const letters = shown.map(({ isWhole, isRight }) => (isWhole ? 'W' : isRight ? 'r' : '.')).join('');
  const savedKeys = shown.reduce((sum, { saved }) => sum + saved, 0);
  expect([written, letters]).toEqual([expected, verdicts]);
  expect(characters - keystrokes).toBe(savedKeys);
}

describe('the user accepts', () => {
  it('the rest of the line', () => check('«foo(bar)»', { fo: 'o(bar)' }, 'fo[o(bar)]', 'W'));
  it('a suggestion that stops before its line does, where a token ends', () =>
    check('«foo(bar)»', { fo: 'o(' }, 'fo[o(]bar)', 'r'));
  it('one suggestion after another', () =>
    check('«foo(bar)»', { f: 'oo', foo: '(bar)' }, 'f[oo][(bar)]', 'rW'));
  it('all lines of a block', () => check('a {\n  «b;\n  c;»\n}', { b: ';\n  c;' }, 'b[;\n  c;]', 'W'));
  it('a suggestion that replaces the closed bracket', () =>
    check('«foo(bar);»', { 'foo(': { text: 'bar);', replaceAfter: 1 } }, 'foo([bar);]', 'W'));
  it('a suggestion that stops before the closed bracket', () =>
    check('«foo(bar)»', { 'foo(': 'bar' }, 'foo([bar])', 'r'));
});

describe('the user does not accept', () => {
  it('text that the file does not have', () => check('«foo(bar)»', { fo: 'r (' }, 'foo(bar)', '.'));
  it('half a word', () => check('«foo(bar)»', { f: 'oo(ba' }, 'foo(bar)', '.'));
  it('a single character, because the key that accepts it is one too', () =>
    check('«ab;»', { ab: ';' }, 'ab;', 'W'));
  it('more lines than the stretch has', () => check('«foo()»\nbar', { f: 'oo()\nbar' }, 'foo()', 'W'));
  it('a second line that is wrong, though the first is right', () =>
    check('a {\n  «b;\n  c;»\n}', { b: ';\n  d;' }, 'b;\n  c;', 'W'));
  it('a second closing bracket', () => check('«foo(bar)»', { 'foo(': 'bar)' }, 'foo(bar)', '.'));
  it('anything at the end of the stretch', () => check('«foo»', { foo: ' + 1' }, 'foo', '.'));
});

describe('a suggestion counts', () => {
  it('once while the user types along', () =>
    check('«foo(bar)»', { f: 'oo(baz', fo: 'o(baz', foo: '(baz' }, 'foo(bar)', '.'));
  it('again if it is another one', () =>
    check('«foo(bar)»', { f: 'ox', fo: 'xx', foo: 'xx' }, 'foo(bar)', '...'));
  it('again if it was gone in between', () =>
    check('«foo(bar)»', { f: 'oo(baz', foo: '(baz' }, 'foo(bar)', '..'));
  it('not at all if its text is empty', () => check('«foo»', { f: '' }, 'foo', ''));
});

it('counts a line break with its indentation as one key', () => {
  const { characters } = replay(stretchOf('a {\n    «b\n    c»\n}'), new Map());
  expect(characters).toBe(3);
});

it('counts an emoji as one key', () => {
  expect(replay(stretchOf("«'👍'»"), new Map()).keystrokes).toBe(3);
});

describe('a suggestion is new code', () => {
  const isNew = (marked: string, said: Readonly<Record<string, string>>) => {
    const stretch = stretchOf(marked);
    return replay(stretch, answersOf(stretch, said)).shown[0]!.isNew;
  };

  it('if the document has it nowhere', () => expect(isNew('bar\n«foo(bar)»', { foo: '(bar)' })).toBe(true));
  it('but not if it stands above', () => expect(isNew('foo(bar)\n«foo(bar)»', { foo: '(bar)' })).toBe(false));
  it('nor if it stands below', () => expect(isNew('«foo(bar)»\nfoo(bar)', { foo: '(bar)' })).toBe(false));
  it('white space aside', () => expect(isNew('foo( bar )\n«foo(bar)»', { foo: '(bar)' })).toBe(false));
  it('with the typed part of its word: only together they are something else', () => {
    expect(isNew('total\n«subtotal»', { sub: 'total' })).toBe(true);
    expect(isNew('subtotal\n«subtotal»', { sub: 'total' })).toBe(false);
  });
});
