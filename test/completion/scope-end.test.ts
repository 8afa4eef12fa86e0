import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/completion/request';
import { cutUnfinished, findScopeEnd } from '../../src/completion/scope';

/** @param text has `█` where the scope ends; without it the scope is still open */
function check(text: string, scope: Scope, indentation = 0) {
  const end = text.indexOf('█');
  expect(findScopeEnd(text.replace('█', ''), scope, indentation)).toBe(end === -1 ? undefined : end);
}

describe('a line', () => {
  it('ends before its line break', () => check('foo();█\nbar', 'line'));
  it('ends at once if it begins with a line break', () => check('█\nfoo', 'line'));
  it('is open without a line break', () => check('foo();', 'line'));
  it('is open while it is empty', () => check('', 'line'));
});

describe('a block', () => {
  it('ends before a line that is indented less', () => check('a();\n  b();█\n}', 'block', 2));
  it('is open while its lines are indented as much or more', () => check('a();\n  b(\n    c', 'block', 2));
  it('is open while its last line is only white space', () => check('a();\n ', 'block', 2));
  it('ends as soon as such a line has another character', () => check('a();█\n }', 'block', 2));
  it('continues after blank lines', () => check('a();\n\n\n  b();', 'block', 2));
  it('ends before the blank lines that follow it', () => check('a();█\n\n  \n}\n', 'block', 2));
  it('counts a tab as four columns', () => {
    check('a();\n\tb();', 'block', 4);
    check('a();█\n\tb();', 'block', 5);
  });
  it('without indentation never ends', () => check('a();\n}\nb', 'block', 0));
  it('does not end at the cursor’s own line', () => check('}', 'block', 2));
});

describe('an unfinished text', () => {
  function checkCut(text: string, scope: Scope, kept: string) {
    expect(cutUnfinished(text, scope)).toBe(kept);
  }

  it('keeps a line as it is', () => checkCut('foo(bar, ', 'line', 'foo(bar, '));
  it('loses the last line of a block', () => checkCut('a();\n  b();\n  c(', 'block', 'a();\n  b();'));
  it('loses the blank lines before that line', () => checkCut('a();\n\n  \n  b', 'block', 'a();'));
  it('keeps the only line of a block', () => checkCut('a(b, ', 'block', 'a(b, '));
});
