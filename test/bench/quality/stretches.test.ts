import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../bench/corpus/seeded-random';
import { closersAt, documentAt, pickStretches, stopsOf } from '../../../bench/quality/stretches';
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

it('right of words within a line stands the rest of it, and nothing that it has open before them', () => {
  const stretch = stretchOf('foo(«bar, baz»);');
  expect(documentAt(stretch, stretch.to).suffix).toBe(');');
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
  it('are words within a line, of which the first and the last stay', () => {
    const text = 'const first = second(third, fourth);\n';
    const lines = [{ path: 'b.ts', languageId: 'typescript', text }];
    const inner = pickStretches(lines, 30, seededRandom(1)).filter(({ kind }) => kind === 'mid-line');
    expect(inner.length).toBeGreaterThan(3);
    for (const { from, to } of inner) expect(text.slice(from, to)).toMatch(/^(?!const)\S.{2,}[^;\s]$/);
  });
  it('are the same for the same seed', () => expect(picked(3, 5)).toEqual(picked(3, 5)));
});
