import { describe, expect, it } from 'vitest';
import { closersAt, documentAt, pickStretches, stopsOf } from '../../../bench/quality/stretches';
import { seededRandom } from '../../../bench/seeded-random';
import { stretchOf } from './typed-stretch';

describe('right of the cursor stands', () => {
  const check = (line: string, expected: string) => {
    const stretch = stretchOf(`a(\n«${line}»`);
    expect(closersAt(stretch, stretch.to)).toBe(expected);
  };
  it('nothing without a bracket', () => check('foo', ''));
  it('the partner of each open bracket, the last opened first', () => check('foo([{', '}])'));
  it('nothing of a bracket that is closed', () => check('foo(bar[0])', ''));
  it('nothing of a bracket inside quotes', () => check("foo('(", ')'));
  it('nothing of a bracket of another line', () => check('foo(\n  bar', ''));
});

it('the text below the stretch follows the cursor, and what is typed of it stands before', () => {
  const stretch = stretchOf('above\n«foo(bar)»\nbelow');
  const { prefix, suffix } = documentAt(stretch, stretch.from + 'foo('.length);
  expect([prefix, suffix]).toEqual(['above\nfoo(', ')\nbelow']);
});

it('the cursor stops at each character, and after a line break behind its indentation', () => {
  const stretch = stretchOf('«a\n  👍b»');
  expect(stopsOf(stretch)).toEqual([0, 1, 4, 6, 7]);
});

describe('picked from a file', () => {
  const text = 'import a;\n\nfunction f() {\n  a;\n  two();\n}\n\nx\n';
  const source = { path: 'a.ts', languageId: 'typescript', text };
  const picked = (count: number, seed: number) =>
    pickStretches([source], count, seededRandom(seed)).map(({ from, to, kind }) => [
      kind,
      text.slice(from, to),
    ]);

  it('are lines and whole blocks, each place once, without what is too short', () => {
    const all = picked(30, 1).sort();
    expect(all).toEqual([
      ['block', 'a;\n  two();'],
      ['line', 'function f() {'],
      ['line', 'import a;'],
      ['line', 'two();'],
    ]);
  });
  it('are the same for the same seed', () => expect(picked(3, 5)).toEqual(picked(3, 5)));
});
