import { describe, expect, it } from 'vitest';
import { fitLineSuffix } from '../../../src/completion/filters/rest-of-line';
import { lineSuffix } from '../../../src/document/document-snapshot';
import { accept, place } from '../../notation';

/** @param after the document with the suggestion accepted; undefined for no suggestion */
function check(before: string, suggestion: string, after: string | undefined) {
  const document = place(before);
  const insertion = fitLineSuffix(suggestion, lineSuffix(document));
  expect(insertion && accept(document, insertion)).toBe(after);
}

describe('at the end of a line', () => {
  it('a suggestion is inserted as it is', () => check('foo(█', 'a);', 'foo(a);█'));
  it('so are its lines', () => check('{█\n}', '\n  a();\n  b();', '{\n  a();\n  b();█\n}'));
  it('white space that is there stays', () => check('foo(█  ', 'a);', 'foo(a);█  '));
});

describe('before closers', () => {
  it('what they say already is left out', () => check('foo(█)', 'a, b)', 'foo(a, b█)'));
  it('all of them may be left out', () => check("foo(['█']);", "a']);", "foo(['a█']);"));
  it('a suggestion without them is inserted before them', () => check('foo(█)', 'a, b', 'foo(a, b█)'));
  it('a suggestion that ends with the first of them is inserted before it', () =>
    check("foo('█')", "a'", "foo('a█')"));
  it('a suggestion that closes more takes their place', () => check('foo(█)', 'a, b);', 'foo(a, b);█'));
  it('a suggestion that closes them with something between takes their place', () =>
    check('foo([█])', 'a, b].map(c))', 'foo([a, b].map(c))█'));
  it('a closer of a bracket within the suggestion is not left out', () =>
    check('foo(█)', 'bar(a))', 'foo(bar(a)█)'));
  it('nor is one that the suggestion opens and closes', () => check('foo(█)', 'bar(a)', 'foo(bar(a)█)'));
  it('nor do they give their place to it', () => check('foo(█));', 'bar(a) + b();', 'foo(bar(a) + b();█));'));
  it('white space behind them stays', () => check('foo(█)  ', 'a);', 'foo(a);█  '));
  it('nothing is inserted that only repeats them', () => check('foo(█);', ');', undefined));
  it('nothing is inserted that only repeats the first of them', () => check('foo(█);', ')', undefined));
  it('nothing is inserted but white space', () => check('foo(█)', ' )', undefined));
});

describe('lines before closers', () => {
  it('take their place if the first line has them', () =>
    check('foo(█)', 'a) {\n  b();', 'foo(a) {\n  b();█'));
  it('are not inserted if the first line lacks them, for the closers would end up behind the last', () =>
    check('foo(█)', 'a, {\n  b', undefined));
});

describe('before other text', () => {
  it('its beginning is not said twice', () => check('a = █ + b', 'c +', 'a = c█ + b'));
  it('what it says is left out at the end', () => check('a = █ + b;', 'c + b;', 'a = c█ + b;'));
});
