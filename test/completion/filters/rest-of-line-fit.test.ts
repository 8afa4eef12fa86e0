import { describe, expect, it } from 'vitest';
import { fitLineSuffix } from '../../../src/completion/filters/rest-of-line';
import { accept, place } from '../../notation';

/** @param after the document with the suggestion accepted; undefined for no suggestion */
function check(before: string, suggestion: string, after: string | undefined) {
  const document = place(before);
  const insertion = fitLineSuffix(suggestion, document);
  expect(insertion && accept(document, insertion)).toBe(after);
}

describe('at the end of a line,', () => {
  it('a suggestion is inserted as it is', () => check('foo(█', 'a);', 'foo(a);█'));
  it('several lines are inserted as they are', () =>
    check('{█\n}', '\n  a();\n  b();', '{\n  a();\n  b();█\n}'));
  it('existing white space stays', () => check('foo(█  ', 'a);', 'foo(a);█  '));
});

describe('before closing brackets,', () => {
  it('a suggestion loses the brackets that are there', () => check('foo(█)', 'a, b)', 'foo(a, b█)'));
  it('a suggestion may lose several brackets and quotes', () =>
    check("foo(['█']);", "a']);", "foo(['a█']);"));
  it('a suggestion without them is inserted as it is', () => check('foo(█)', 'a, b', 'foo(a, b█)'));
  it('a suggestion that ends with the first of them loses it', () => check("foo('█')", "a'", "foo('a█')"));
  it('a suggestion that closes more replaces them', () => check('foo(█)', 'a, b);', 'foo(a, b);█'));
  it('a suggestion with text between them replaces them', () =>
    check('foo([█])', 'a, b].map(c))', 'foo([a, b].map(c))█'));
  it('a suggestion keeps one bracket for each that it opens', () =>
    check('foo(█)', 'bar(a))', 'foo(bar(a)█)'));
  it('a suggestion keeps brackets that it opens and closes', () => check('foo(█)', 'bar(a)', 'foo(bar(a)█)'));
  it('a suggestion that closes less than they do does not replace them', () =>
    check('foo(█));', 'bar(a) + b();', 'foo(bar(a) + b();█));'));
  it('white space after them stays', () => check('foo(█)  ', 'a);', 'foo(a);█  '));
  it('a suggestion that only repeats them is dropped', () => check('foo(█);', ');', undefined));
  it('a suggestion that only repeats the first of them is dropped', () => check('foo(█);', ')', undefined));
  it('a suggestion that adds only white space is dropped', () => check('foo(█)', ' )', undefined));
});

describe('several lines before closing brackets', () => {
  it('replace the brackets if the first line has them', () =>
    check('foo(█)', 'a) {\n  b();', 'foo(a) {\n  b();█'));
  it('are dropped if the first line lacks the brackets, because these would come after the last line', () =>
    check('foo(█)', 'a, {\n  b', undefined));
});

describe('before other text,', () => {
  it('a suggestion does not repeat the beginning of it', () => check('a = █ + b', 'c +', 'a = c█ + b'));
  it('a suggestion does not repeat all of it', () => check('a = █ + b;', 'c + b;', 'a = c█ + b;'));
});
