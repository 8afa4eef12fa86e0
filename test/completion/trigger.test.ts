import { describe, expect, it } from 'vitest';
import type { CompletionSettings } from '../../src/completion/settings';
import { decideScope, indentationOf, type Scope } from '../../src/completion/trigger';
import { place } from '../notation';
import { testSettings } from './settings-for-test';

function check(text: string, expected: Scope | undefined, settings: Partial<CompletionSettings> = {}) {
  expect(decideScope(place(text), 'automatic', { ...testSettings, ...settings })).toBe(expected);
}

function checkManual(text: string, expected: Scope | undefined, settings: Partial<CompletionSettings> = {}) {
  expect(decideScope(place(text), 'manual', { ...testSettings, ...settings })).toBe(expected);
}

describe('while typing, a line is suggested', () => {
  it.each([
    'const x = █',
    'const x = █\nconst y = 2;',
    'foo(█)',
    "foo('█');",
    'foo([{ a: "█" }]);',
    '<p>█>',
    'foo(█   ',
    'if (a) {\n  b();\n  █',
    'a();\n█\nb();',
  ])('at %j', text => check(text, 'line'));
});

describe('while typing, nothing is suggested', () => {
  it.each(['█', '\n\n  █', '█foo()', 'fo█o', 'a = █ + b', 'foo(█bar)', 'foo(█) {'])('at %j', text =>
    check(text, undefined),
  );

  it('when it is turned off', () => check('const x = █', undefined, { enable: false }));

  it('in a language that is turned off', () => {
    check('const x = █', undefined, { languages: { '*': true, typescript: false } });
    check('const x = █', undefined, { languages: { '*': false } });
  });

  it('but in a language that is turned on where others are off', () =>
    check('const x = █', 'line', { languages: { '*': false, typescript: true } }));
});

describe('when the user asks', () => {
  it('a line is suggested within a line', () => checkManual('foo(█bar)', 'line'));
  it('a line is suggested where typing suggests nothing', () => {
    checkManual('const x = █', 'line', { enable: false });
    checkManual('const x = █', 'line', { languages: { '*': false } });
  });
  it('a block is suggested in an empty block', () => checkManual('f() {\n  █\n}', 'block'));
  it('nothing is suggested in an empty document', () => checkManual(' \n█', undefined));
});

describe('a block is suggested in an empty block', () => {
  it.each([
    'function f() {\n  █\n}',
    'function f() {\n\t█\n}',
    'function f() {\n  █',
    'function f() {\n\n  █\n\n}\n',
    'const f = () =>\n  █',
    'const a = [\n  █\n];',
    'foo(\n  █\n);',
    'def f():\n    █\n\ndef g():\n',
    '  if x then\n    █\n  fi',
    'while x; do\n  █\ndone',
    'begin\n  █\nend',
  ])('as at %j', text => check(text, 'block'));
});

describe('a line is suggested', () => {
  it.each([
    ['after the first line of a block', 'function f() {\n  a();\n  █\n}'],
    ['before a line of the block', 'function f() {\n  █\n  a();\n}'],
    ['where the line is not indented', 'function f() {\n█'],
    ['where the line has begun', 'function f() {\n  a█\n}'],
    ['after a word that only ends like an opener', 'const undo\n  █'],
    ['beside the opener', 'function f() {█}'],
  ])('%s', (_, text) => check(text, 'line'));
});

describe('indentationOf', () => {
  it.each([
    ['a', 0],
    ['  a', 2],
    ['\ta', 4],
    ['\t  a  ', 6],
    ['   ', 3],
    ['', 0],
  ])('%j is %d columns', (line, columns) => expect(indentationOf(line)).toBe(columns));
});
