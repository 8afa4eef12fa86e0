import { describe, expect, it } from 'vitest';
import { findMatches } from '../../../src/completion/sources/document-matches';
import { otherFile, place } from '../../notation';

/** What follows elsewhere, the longest match first. */
function check(text: string, ...expected: readonly string[]) {
  expect(findMatches(place(text)).map(({ next }) => next.split('\n§')[0])).toEqual(expected);
}

describe('what follows elsewhere is found', () => {
  it('above the cursor', () => check('foo(bar);\n§\nfoo(█', 'bar);'));
  it('below the cursor', () => check('foo(█\nfoo(bar);\n§', 'bar);'));
  it('inside a word', () => check('foobar;\n§\nfoo█', 'bar;'));
  it('at the beginning of a line, after the lines before', () =>
    check('f() {\n  one();\n  two();\n§}\ng() {\n  one();\n  █', 'two();'));
  it('whatever the white space before it', () => check('a  =  b;\n§\na = █', 'b;'));
  it('nowhere where there is nothing else', () => check('foo(█'));
  it('nowhere in a blank document', () => check('\n  █\n'));
});

describe('no match is', () => {
  it('in the middle of a word', () => check('xfoo(bar)\nfoo█'));
  it('where there is no space, after one', () => check('a=b\na= █'));
  it('on the same line, after a line break', () => check('{ a }\n{\n  █'));
  it('at another depth, after a line break', () => check('f() {\n}\ng() {\n  █'));
});

it('the longest match comes first, of two as long the nearest', () =>
  check('a.x = 1\n§\nb.x = 2\n§\nc.x = 3\n§\na.x = █', '1', '3', '2'));

it('a match counts the characters that agree, and how far it is', () => {
  const [match] = findMatches(place('a.b = 1\na.b = █'));
  expect(match).toMatchObject({ length: 4, distance: 9 });
});

it('lines are indented as they would be here', () =>
  check('    f() {\n        a();\n        b();\n    }\n§\nf() {\n    █', 'a();\n    b();'));

describe('in other files', () => {
  const inFiles = (text: string, ...files: readonly string[]) =>
    findMatches(
      place(text),
      files.map((file, index) => otherFile(`${index}.ts`, file)),
    ).map(({ next }) => next);

  it('it is found too', () => expect(inFiles('foo(█', 'foo(bar);')).toEqual(['bar);']));
  it('the longest match comes first, wherever it stands', () =>
    expect(inFiles('b.foo(one)\na.foo(█', 'a.foo(two)')).toEqual(['two)', 'one)\na.foo(']));
  it('of two as long the document’s own comes first, then the first file’s', () =>
    expect(inFiles('foo(one)\nfoo(█', 'foo(two)', 'foo(three)')).toEqual(['one)\nfoo(', 'two)', 'three)']));
  it('their lines are indented as they would be here', () =>
    expect(inFiles('  f() {\n    █', 'f() {\n  a();\n  b();\n}')).toEqual(['a();\n    b();']));
});

it('a large document of one and the same line is looked through in no time', () => {
  const line = 'const value = compute(value, 1);\n';
  const text = line.repeat(3_000);
  const otherFiles = Array.from({ length: 16 }, () => otherFile('a.ts', line.repeat(2_000)));
  const start = performance.now();
  expect(findMatches(place(`${text}const █\n${text}`), otherFiles)).toHaveLength(32);
  expect(performance.now() - start).toBeLessThan(200);
});
