import { describe, expect, it } from 'vitest';
import { createIgnoreRules, ignoreFileNames, type Purpose } from '../../src/privacy/ignore-rules';

type Files = Readonly<Record<string, string>>;

/** @param files the workspace folder's ignore files by path */
const rulesOf = (files: Files) => createIgnoreRules(async path => files[path] ?? '');

async function check(files: Files, path: string, purpose: Purpose, expected: boolean) {
  expect(await rulesOf(files).isIgnored(path, purpose)).toBe(expected);
}

describe.each(['.copilotignore', '.cursorignore', '.aiexclude'])('%s', name => {
  it('keeps a file from being completed and from being context', async () => {
    await check({ [name]: 'private/\n' }, 'private/a.ts', 'completion', true);
    await check({ [name]: 'private/\n' }, 'private/a.ts', 'context', true);
  });
  it('lets other files be', () => check({ [name]: 'private/\n' }, 'src/a.ts', 'completion', false));
  it('counts in a folder below, too', () =>
    check({ [`packages/api/${name}`]: 'private/\n' }, 'packages/api/private/a.ts', 'completion', true));
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

describe('a pattern of a folder below', () => {
  const patterns = [
    '# comment',
    '*.sql',
    '!public.sql',
    '/top.ts',
    'docs/draft',
    'docs/**/old',
    'build/',
    '/',
    '!',
    '  ',
    '\\#a',
  ];
  const files = { 'packages/api/.gitignore': patterns.join('\r\n') };
  it.each([
    ['packages/api/a.sql', true],
    ['packages/api/deep/er/a.sql', true],
    ['packages/api/public.sql', false],
    ['packages/api/top.ts', true],
    ['packages/api/src/top.ts', false],
    ['packages/api/docs/draft', true],
    ['packages/api/src/docs/draft', false],
    ['packages/api/docs/a/b/old', true],
    ['packages/api/src/build/a.js', true],
    ['packages/api/#a', true],
    ['packages/api/a.ts', false],
    ['packages/a.sql', false],
    ['packages/web/a.sql', false],
    ['a.sql', false],
  ])('of Git: %s', (path, expected) => check(files, path, 'context', expected));

  it('is of the folder whatever the folder is called', () =>
    check({ '[a] *!/.gitignore': '/b' }, '[a] *!/b', 'context', true));
});

describe('the deepest folder has the last word', () => {
  it('on a file', async () => {
    const files = { '.gitignore': '*.log', 'a/.gitignore': '!*.log', 'a/b/.gitignore': 'x.log' };
    await check(files, 'x.log', 'context', true);
    await check(files, 'a/x.log', 'context', false);
    await check(files, 'a/b/x.log', 'context', true);
    await check(files, 'a/b/y.log', 'context', false);
  });

  it('on a folder', () =>
    check({ '.gitignore': 'dist/', 'a/.gitignore': '!dist/' }, 'a/dist/x.js', 'context', false));

  it('but not on what lies in a folder that is ignored', () =>
    check({ '.gitignore': 'dist/', 'dist/.gitignore': '!x.js' }, 'dist/x.js', 'context', true));
});

describe('an ignore file is read', () => {
  it('only on the way to a file that is asked about, and once', async () => {
    const read: string[] = [];
    const rules = createIgnoreRules(async path => {
      read.push(path);
      return '';
    });
    for (const path of ['src/web/a.ts', 'src/web/b.ts', 'src/c.ts']) await rules.isIgnored(path, 'context');
    const expected = ['', 'src/', 'src/web/'].flatMap(folder => ignoreFileNames.map(name => folder + name));
    expect(read.toSorted()).toEqual(expected.toSorted());
  });

  it('again where it could not be read, and nothing is known meanwhile', async () => {
    let isBroken = true;
    const rules = createIgnoreRules(async path => {
      if (isBroken && path === 'src/.gitignore') throw new Error('no permission');
      return '';
    });
    await expect(rules.isIgnored('src/web/a.ts', 'context')).rejects.toThrow('no permission');
    expect(await rules.isIgnored('a.ts', 'context')).toBe(false);
    isBroken = false;
    expect(await rules.isIgnored('src/web/a.ts', 'context')).toBe(false);
  });
});

it('a path outside of the folder is not ignored', async () => {
  for (const path of ['../a.ts', '/a.ts', '', './a.ts'])
    await check({ '.copilotignore': '*' }, path, 'completion', false);
});

it('without any of the files nothing is ignored', () => check({}, 'a.ts', 'context', false));

it('every file that is looked for has a say', async () => {
  for (const name of ignoreFileNames) await check({ [name]: '*' }, 'a.ts', 'context', true);
});
