import { describe, expect, it } from 'vitest';
import { createIgnoreRules, ignoreFileNames, type Purpose } from '../../src/context/ignore-files';

/** @param files the folder's ignore files by name */
function check(files: Record<string, string>, path: string, purpose: Purpose, expected: boolean) {
  expect(createIgnoreRules(new Map(Object.entries(files))).isIgnored(path, purpose)).toBe(expected);
}

describe.each(['.copilotignore', '.cursorignore', '.aiexclude'])('%s', name => {
  it('keeps a file from being completed and from being context', () => {
    check({ [name]: 'private/\n' }, 'private/a.ts', 'completion', true);
    check({ [name]: 'private/\n' }, 'private/a.ts', 'context', true);
  });
  it('lets other files be', () => check({ [name]: 'private/\n' }, 'src/a.ts', 'completion', false));
});

describe('.gitignore', () => {
  it('keeps a file from being context', () => check({ '.gitignore': 'dist' }, 'dist/a.js', 'context', true));
  it('lets it be completed', () => check({ '.gitignore': 'dist' }, 'dist/a.js', 'completion', false));
});

describe('a pattern', () => {
  const files = { '.copilotignore': '# comment\n*.sql\n!public.sql\n/top.ts\ndocs/**/draft-*\r\n' };
  it.each([
    ['a.sql', true],
    ['deep/er/a.sql', true],
    ['public.sql', false],
    ['top.ts', true],
    ['src/top.ts', false],
    ['docs/a/b/draft-1.md', true],
    ['comment', false],
  ])('of Git: %s', (path, expected) => check(files, path, 'completion', expected));

  it('that takes another back speaks for its own file only', () =>
    check({ '.copilotignore': '*.sql', '.aiexclude': '!a.sql' }, 'a.sql', 'completion', true));
});

it('a path outside of the folder is not ignored', () => {
  for (const path of ['../a.ts', '/a.ts', '', './a.ts'])
    check({ '.copilotignore': '*' }, path, 'completion', false);
});

it('without any of the files nothing is ignored', () => check({}, 'a.ts', 'context', false));

it('every file that is looked for has a say', () => {
  for (const name of ignoreFileNames) check({ [name]: '*' }, 'a.ts', 'context', true);
});
