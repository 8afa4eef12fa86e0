import { describe, expect, it } from 'vitest';
import { findMatches } from '../../../src/completion/sources/document-matches';
import { otherFile, place } from '../../notation';

/** @param expected the texts that follow elsewhere, the longest match first */
function check(text: string, ...expected: readonly string[]) {
  expect(findMatches(place(text)).map(({ next }) => next.split('\n§')[0])).toEqual(expected);
}

describe('a match is found', () => {
  it('above the cursor', () => check('foo(bar);\n§\nfoo(█', 'bar);'));
  it('below the cursor', () => check('foo(█\nfoo(bar);\n§', 'bar);'));
  it('inside a word', () => check('foobar;\n§\nfoo█', 'bar;'));
  it('at the beginning of a line if the lines before are the same', () =>
    check('f() {\n  one();\n  two();\n§}\ng() {\n  one();\n  █', 'two();'));
  it('even if the white space before it differs', () => check('a  =  b;\n§\na = █', 'b;'));
  it('nowhere if the document has no other text', () => check('foo(█'));
  it('nowhere in a blank document', () => check('\n  █\n'));
});

describe('no match is', () => {
  it('in the middle of a word', () => check('xfoo(bar)\nfoo█'));
  it('without a space if the cursor is after a space', () => check('a=b\na= █'));
  it('on the same line if the cursor is after a line break', () => check('{ a }\n{\n  █'));
  it('at another depth if the cursor is after a line break', () => check('f() {\n}\ng() {\n  █'));
});

it('the longest match comes first, and among equally long ones the nearest', () =>
  check('a.x = 1\n§\nb.x = 2\n§\nc.x = 3\n§\na.x = █', '1', '3', '2'));

it('a match has the number of equal characters and the distance to the cursor', () => {
  const [match] = findMatches(place('a.b = 1\na.b = █'));
  expect(match).toMatchObject({ length: 4, distance: 9 });
});

it('the lines of a match are indented for the cursor’s place', () =>
  check('    f() {\n        a();\n        b();\n    }\n§\nf() {\n    █', 'a();\n    b();'));

describe('in other files,', () => {
  const inFiles = (text: string, ...files: readonly string[]) =>
    findMatches(
      place(text),
      files.map((file, index) => otherFile(`${index}.ts`, file)),
    ).map(({ next }) => next);

  it('a match is found too', () => expect(inFiles('foo(█', 'foo(bar);')).toEqual(['bar);']));
  it('a longer match comes before the matches of the document', () =>
    expect(inFiles('b.foo(one)\na.foo(█', 'a.foo(two)')).toEqual(['two)', 'one)\na.foo(']));
  it('equally long matches come in the order of the files, after those of the document', () =>
    expect(inFiles('foo(one)\nfoo(█', 'foo(two)', 'foo(three)')).toEqual(['one)\nfoo(', 'two)', 'three)']));
  it('the lines of a match are indented for the cursor’s place', () =>
    expect(inFiles('  f() {\n    █', 'f() {\n  a();\n  b();\n}')).toEqual(['a();\n    b();']));
});

it('a large document with the same line many times is searched in less than 200 ms', () => {
  const line = 'const value = compute(value, 1);\n';
  const text = line.repeat(3_000);
  const otherFiles = Array.from({ length: 16 }, () => otherFile('a.ts', line.repeat(2_000)));
  const start = performance.now();
  expect(findMatches(place(`${text}const █\n${text}`), otherFiles)).toHaveLength(32);
  expect(performance.now() - start).toBeLessThan(200);
});
