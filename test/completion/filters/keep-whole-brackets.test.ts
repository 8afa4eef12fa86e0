import { describe, expect, it } from 'vitest';
import { keepWhole } from '../../../src/completion/filters/keep-whole';
import { accept, type PlaceOptions, place } from '../../notation';

/** @param replaced the text right of the cursor that the suggestion replaces */
function check(
  before: string,
  text: string,
  after: string | undefined,
  { replaced = '', ...options }: PlaceOptions & { readonly replaced?: string } = {},
) {
  const document = place(before, options);
  const insertion = keepWhole({ text, replaceAfter: replaced.length }, document);
  expect(insertion && accept(document, insertion)).toBe(after);
}

describe('a suggestion is cut before a bracket that', () => {
  it('the document closes below', () => check('f() {\n  a();█\n}', '\n}', undefined));
  it('the document closes below, and keeps the text before it', () =>
    check('f() {\n  █\n}', 'a();\n}\n\ng() {}', 'f() {\n  a();█\n}'));
  it('nothing has opened', () => check('a = █;', 'b)', 'a = b█;'));
  it('is of another kind than the open one', () => check('a = █', 'foo(b]', 'a = foo(b█'));
  it('is one more than the suggestion replaces', () => check('foo(█)', 'a));', 'foo(a█)', { replaced: ')' }));
});

describe('a suggestion is kept', () => {
  it('if it closes what it opens', () => check('a = █', 'foo(b[c], {});', 'a = foo(b[c], {});█'));
  it('if it opens again what it closes', () =>
    check('if (a) {\n  b();\n█\n}', '} else {\n  c();', 'if (a) {\n  b();\n} else {\n  c();█\n}'));
  it('if it closes as much as it replaces', () => check('foo(█)', 'a);', 'foo(a);█', { replaced: ')' }));
  it('if it leaves a block open at the end of a line', () => check('█\na();', 'if (b) {', 'if (b) {█\na();'));
  it('if its brackets are in quotes', () =>
    check('█', 'print(":)", \'(\', "\\")")', 'print(":)", \'(\', "\\")")█'));
  it('if the document needs a bracket', () => check('f() {\n  a();█\n', '\n}', 'f() {\n  a();\n}█\n'));
  it('if the beginning of the document is not known', () => check('a█', ')', 'a)█', { prefixOffset: 9 }));
});

describe('a bracket that a suggestion opens before closing brackets', () => {
  it('is closed', () => check('foo(█);', 'bar(a', 'foo(bar(a)█);'));
  it('is closed in the right order', () => check('foo(█)', 'bar([{ a', 'foo(bar([{ a}])█)'));
  it('is closed before further arguments', () => check('foo(█, b)', 'bar(a', 'foo(bar(a)█, b)'));
  it('is left out if the suggestion ends with it, because the cursor would stand behind the closed pair', () => {
    check('it("a", █)', '() => {', 'it("a", () =>█)');
    check('foo(█)', 'bar[', 'foo(bar█)');
  });
  it('is left out if other text follows', () => check('a = █ + b', 'c(d', 'a = c█ + b'));
});
