import { describe, expect, it } from 'vitest';
import { applyFilters } from '../../../src/completion/filters/filters';
import { keepWhole } from '../../../src/completion/filters/keep-whole';
import { accept, place } from '../../notation';

function check(before: string, suggestion: string, after: string | undefined, languageId = 'typescript') {
  const document = place(before, { languageId });
  const insertion = keepWhole({ text: suggestion, replaceAfter: 0 }, document);
  expect(insertion && accept(document, insertion)).toBe(after);
}

describe('a suggestion is kept', () => {
  it('if it opens something at the end of a line', () => {
    check('█\na();', 'if (b) {', 'if (b) {█\na();');
    check('█\na();', 'log(`b', 'log(`b█\na();');
    check('█\nx = (1)', 'print("a', 'print("a█\nx = (1)', 'python');
  });
  it('if it closes what is open', () => check('foo("a█', '");', 'foo("a");█'));
  it('if the document was broken before, and is no worse', () => check(')\na = █', 'b(c)', ')\na = b(c)█'));
  it('if it closes a bracket above the part that is known', () => {
    const document = { ...place('a█\nb'), prefixOffset: 9 };
    expect(keepWhole({ text: ' }', replaceAfter: 0 }, document)?.text).toBe(' }');
  });
  it('if its closing word ends an open block', () =>
    check('if a; then\n  b\n█', 'fi', 'if a; then\n  b\nfi█', 'shellscript'));
  it('if a string has a closing word', () =>
    check('x = 1█\ny = 2', '\nprint("the end")', 'x = 1\nprint("the end")█\ny = 2', 'lua'));
  it('if it makes a comment of a slash', () => check('/█\na();', '** b', '/** b█\na();'));
  it('if it goes on in a string with values', () =>
    check('a = f"{b} {c█\nd()', 'd}', 'a = f"{b} {cd}█\nd()', 'python'));
  it('if a lifetime ends the line', () => check('fn a(b: █', "&'", "fn a(b: &'█", 'rust'));
});

describe('before closing brackets,', () => {
  it('a string that the suggestion opens is closed', () => check('foo(█);', '"a', 'foo("a"█);'));
  it('a string and the brackets around it are closed', () => check('foo(█)', 'bar(["a', 'foo(bar(["a"])█)'));
  it('a quote alone is dropped', () => check('foo(█)', '"', undefined));
});

describe('a suggestion is cut before', () => {
  it('a bracket that it leaves open before other text', () => check('a = █ + b', 'c(d', 'a = c█ + b'));
  it('a quote that it leaves open before other text', () =>
    check('a = b█ + "c"', '.d + "', 'a = b.d█ + "c"'));
  it('a closing bracket that nothing opens, if the document is broken already', () =>
    check('a(\n}\n█\n', 'b()\n}', 'a(\n}\nb()█\n'));
  it('a closing word that nothing opens', () => {
    check('if a; then\n  █\nfi', 'b\nfi', 'if a; then\n  b█\nfi', 'shellscript');
    check('def a\n  █\nend', 'b\nend\nc', 'def a\n  b█\nend', 'ruby');
  });
  it('a closing tag that nothing opens', () =>
    check('<ul>\n  █\n</ul>', '<li>a</li>\n</ul>', '<ul>\n  <li>a</li>█\n</ul>', 'html'));
  it('a sign that follows', () => {
    check('a█;', ' = 1;', 'a = 1█;');
    check('f(a█, b)', '.c,', 'f(a.c█, b)');
    check('<a█>', ' b="c">', '<a b="c"█>', 'html');
  });
  it('a word that is no pattern of a shell', () =>
    check('case a in\nb)\n  ;;█\nc)\n  ;;\nesac', ' d', undefined, 'shellscript'));
});

it('comes after the other filters', () => {
  const shown = applyFilters('"a', place('foo(█)'));
  expect(shown).toEqual({ text: '"a"', replaceAfter: 0 });
});
