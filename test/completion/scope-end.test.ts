import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/completion/request';
import { cutUnfinished, findScopeEnd } from '../../src/completion/scope';

/** `text` holds `█` where the scope ends, and none while it is open. */
function check(text: string, scope: Scope, indentation = 0) {
  const end = text.indexOf('█');
  expect(findScopeEnd(text.replace('█', ''), scope, indentation)).toBe(end === -1 ? undefined : end);
}

describe('a line', () => {
  it('ends before its line break', () => check('foo();█\nbar', 'line'));
  it('ends at once if it begins with one', () => check('█\nfoo', 'line'));
  it('is open without one', () => check('foo();', 'line'));
  it('is open while it is empty', () => check('', 'line'));
});

describe('a block', () => {
  it('ends before a line that is indented less', () => check('a();\n  b();█\n}', 'block', 2));
  it('is open while the lines are indented as much or more', () => check('a();\n  b(\n    c', 'block', 2));
  it('is open as long as a line is only white space', () => check('a();\n ', 'block', 2));
  it('ends with the first character that is not', () => check('a();█\n }', 'block', 2));
  it('goes on after blank lines', () => check('a();\n\n\n  b();', 'block', 2));
  it('ends before the blank lines that follow it', () => check('a();█\n\n  \n}\n', 'block', 2));
  it('counts a tab as four columns', () => {
    check('a();\n\tb();', 'block', 4);
    check('a();█\n\tb();', 'block', 5);
  });
  it('without indentation ends at nothing', () => check('a();\n}\nb', 'block', 0));
  it('is not judged by the line the cursor is on', () => check('}', 'block', 2));
});

describe('what is cut short', () => {
  function checkCut(text: string, scope: Scope, kept: string) {
    expect(cutUnfinished(text, scope)).toBe(kept);
  }

  it('keeps a line as it is', () => checkCut('foo(bar, ', 'line', 'foo(bar, '));
  it('drops the half line of a block', () => checkCut('a();\n  b();\n  c(', 'block', 'a();\n  b();'));
  it('drops blank lines with it', () => checkCut('a();\n\n  \n  b', 'block', 'a();'));
  it('keeps the only line of a block', () => checkCut('a(b, ', 'block', 'a(b, '));
});
