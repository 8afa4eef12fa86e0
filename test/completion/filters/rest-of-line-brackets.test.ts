import { describe, expect, it } from 'vitest';
import { balanceBrackets } from '../../../src/completion/filters/rest-of-line';
import { accept, type PlaceOptions, place } from '../../notation';

/** @param replaced what right of the cursor the suggestion takes the place of */
function check(
  before: string,
  text: string,
  after: string | undefined,
  { replaced = '', ...options }: PlaceOptions & { readonly replaced?: string } = {},
) {
  const document = place(before, options);
  const insertion = balanceBrackets({ text, replaceAfter: replaced.length }, document);
  expect(insertion && accept(document, insertion)).toBe(after);
}

describe('a suggestion is cut before a bracket that', () => {
  it('is closed below already', () => check('f() {\n  a();█\n}', '\n}', undefined));
  it('is closed below already, with what is before it kept', () =>
    check('f() {\n  █\n}', 'a();\n}\n\ng() {}', 'f() {\n  a();█\n}'));
  it('was never opened', () => check('a = █;', 'b)', 'a = b█;'));
  it('is of another kind than the one that is open', () => check('a = █', 'foo(b]', 'a = foo(b█'));
  it('is one more than those it takes the place of', () =>
    check('foo(█)', 'a));', 'foo(a█)', { replaced: ')' }));
});

describe('a suggestion is kept', () => {
  it('that closes what it opens', () => check('a = █', 'foo(b[c], {});', 'a = foo(b[c], {});█'));
  it('that opens again what it closes', () =>
    check('if (a) {\n  b();\n█\n}', '} else {\n  c();', 'if (a) {\n  b();\n} else {\n  c();█\n}'));
  it('that closes as much as it takes the place of', () =>
    check('foo(█)', 'a);', 'foo(a);█', { replaced: ')' }));
  it('that leaves a block open at the end of a line', () => check('█\na();', 'if (b) {', 'if (b) {█\na();'));
  it('with brackets in quotes', () =>
    check('█', 'print(":)", \'(\', "\\")")', 'print(":)", \'(\', "\\")")█'));
  it('where the document needs a bracket', () => check('f() {\n  a();█\n', '\n}', 'f() {\n  a();\n}█\n'));
  it('where the document was not balanced before', () => check('}\n█', 'a)', '}\na)█'));
  it('where the beginning of the document is not known', () => check('a█', ')', 'a)█', { prefixOffset: 9 }));
});

describe('what a suggestion opens before closers', () => {
  it('is closed', () => check('foo(█);', 'bar(a', 'foo(bar(a)█);'));
  it('is closed in its order', () => check('foo(█)', 'bar([{ a', 'foo(bar([{ a}])█)'));
  it('is not closed before anything else', () => check('foo(█, b)', 'bar(a', 'foo(bar(a█, b)'));
});
