import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../bench/corpus/seeded-random';
import { closersAt, documentAt, pickStretches, stopsOf } from '../../../bench/quality/stretches';
import { stretchOf } from './typed-stretch';

describe('the brackets right of the cursor', () => {
  const check = (line: string, expected: string) => {
    const stretch = stretchOf(`a(\n«${line}»`);
    expect(closersAt(stretch, stretch.to)).toBe(expected);
  };
  it('are none if the line has none', () => check('foo', ''));
  it('close each open bracket, the last one first', () => check('foo([{', '}])'));
  it('leave out a bracket that is closed', () => check('foo(bar[0])', ''));
  it('leave out a bracket inside quotes', () => check("foo('(", ')'));
  it('leave out a bracket of another line', () => check('foo(\n  bar', ''));
});

it('has only the rest of the line right of a mid-line stretch, no closed brackets', () => {
  const stretch = stretchOf('foo(«bar, baz»);');
  expect(documentAt(stretch, stretch.to).suffix).toBe(');');
});

it('has the typed part before the cursor, and the text below the stretch after it', () => {
  const stretch = stretchOf('above\n«foo(bar)»\nbelow');
  const { prefix, suffix } = documentAt(stretch, stretch.from + 'foo('.length);
  expect([prefix, suffix]).toEqual(['above\nfoo(', ')\nbelow']);
});

it('stops at each character, and after a line break behind its indentation', () => {
  const stretch = stretchOf('«a\n  👍b»');
  expect(stopsOf(stretch)).toEqual([0, 1, 4, 6, 7]);
});

describe('the stretches picked from a file', () => {
  const text = 'import a;\n\nfunction f() {\n  a;\n  two();\n}\n\nx\n';
  const source = { path: 'a.ts', languageId: 'typescript', text };
  const picked = (count: number, seed: number) =>
    pickStretches([source], count, seededRandom(seed)).map(({ from, to, kind }) => [
      kind,
      text.slice(from, to),
    ]);

  it('are lines and whole blocks, each once, and not too short', () => {
    const all = picked(30, 1).sort();
    expect(all).toEqual([
      ['block', 'a;\n  two();'],
      ['line', 'function f() {'],
      ['line', 'import a;'],
      ['line', 'two();'],
    ]);
  });
  it('are words within a line, but not its first or last', () => {
    const text = 'const first = second(third, fourth);\n';
    const lines = [{ path: 'b.ts', languageId: 'typescript', text }];
    const inner = pickStretches(lines, 30, seededRandom(1)).filter(({ kind }) => kind === 'mid-line');
    expect(inner.length).toBeGreaterThan(3);
    for (const { from, to } of inner) expect(text.slice(from, to)).toMatch(/^(?!const)\S.{2,}[^;\s]$/);
  });
  it('are the same for the same seed', () => expect(picked(3, 5)).toEqual(picked(3, 5)));
});
