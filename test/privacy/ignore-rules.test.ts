import { describe, expect, it } from 'vitest';
import { createIgnoreRules, decodeText, ignoreFileNames, type Purpose } from '../../src/privacy/ignore-rules';

type Files = Readonly<Record<string, string>>;

/** @param files the workspace folder's ignore files by path */
const rulesOf = (files: Files) => createIgnoreRules(async path => files[path] ?? '');

async function check(files: Files, path: string, purpose: Purpose, expected: boolean) {
  expect(await rulesOf(files).isIgnored(path, purpose)).toBe(expected);
}

describe.each(['.copilotignore', '.cursorignore', '.aiexclude'])('%s', name => {
  it('keeps a file from being completed and from being shown beside others', async () => {
    await check({ [name]: 'private/\n' }, 'private/a.ts', 'completion', true);
    await check({ [name]: 'private/\n' }, 'private/a.ts', 'context', true);
  });
  it('does not touch other files', () => check({ [name]: 'private/\n' }, 'src/a.ts', 'completion', false));
  it('counts in a deeper folder too', () =>
    check({ [`packages/api/${name}`]: 'private/\n' }, 'packages/api/private/a.ts', 'completion', true));
});

describe('.gitignore', () => {
  it('keeps a file from being shown beside others', () =>
    check({ '.gitignore': 'dist' }, 'dist/a.js', 'context', true));
  it('lets a file be completed', () => check({ '.gitignore': 'dist' }, 'dist/a.js', 'completion', false));
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
  ])('works as in Git: %s', (path, expected) => check(files, path, 'completion', expected));

  it('with ! takes back only patterns of files with the same name', () =>
    check({ '.copilotignore': '*.sql', '.aiexclude': '!a.sql' }, 'a.sql', 'completion', true));
});

describe('a pattern in a deeper folder', () => {
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
  ])('works as in Git: %s', (path, expected) => check(files, path, 'context', expected));

  it('counts only below its folder, whatever the folder is called', () =>
    check({ '[a] *!/.gitignore': '/b' }, '[a] *!/b', 'context', true));
});

describe('the deepest folder decides', () => {
  it('about a file', async () => {
    const files = { '.gitignore': '*.log', 'a/.gitignore': '!*.log', 'a/b/.gitignore': 'x.log' };
    await check(files, 'x.log', 'context', true);
    await check(files, 'a/x.log', 'context', false);
    await check(files, 'a/b/x.log', 'context', true);
    await check(files, 'a/b/y.log', 'context', false);
  });

  it('about a folder', () =>
    check({ '.gitignore': 'dist/', 'a/.gitignore': '!dist/' }, 'a/dist/x.js', 'context', false));

  it('but not about files in an ignored folder', () =>
    check({ '.gitignore': 'dist/', 'dist/.gitignore': '!x.js' }, 'dist/x.js', 'context', true));
});

describe('an ignore file is read', () => {
  it('only in the folders above a file that is asked about, and only once', async () => {
    const read: string[] = [];
    const rules = createIgnoreRules(async path => {
      read.push(path);
      return '';
    });
    for (const path of ['src/web/a.ts', 'src/web/b.ts', 'src/c.ts']) await rules.isIgnored(path, 'context');
    const expected = ['', 'src/', 'src/web/'].flatMap(folder => ignoreFileNames.map(name => folder + name));
    expect(read.toSorted()).toEqual(expected.toSorted());
  });

  it('again after an error, and until then nothing is decided', async () => {
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

it('does not ignore a path outside of the folder', async () => {
  for (const path of ['../a.ts', '/a.ts', '', './a.ts'])
    await check({ '.copilotignore': '*' }, path, 'completion', false);
});

it('ignores nothing if there are no ignore files', () => check({}, 'a.ts', 'context', false));

it('obeys each kind of ignore file', async () => {
  for (const name of ignoreFileNames) await check({ [name]: '*' }, 'a.ts', 'context', true);
});

describe('an ignore file in another encoding', () => {
  const text = 'private/\r\nä😀/\r\n';
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
  const encodings = {
    'UTF-8': Buffer.from(text),
    'UTF-8 with a mark': Buffer.from(`\ufeff${text}`),
    'UTF-16, low byte first': utf16,
    'UTF-16, high byte first': Buffer.from(utf16).swap16(),
  };

  describe.each(Object.entries(encodings))('%s', (_, bytes) => {
    it('is decoded without its mark', () => expect(decodeText(bytes)).toBe(text));

    it('is obeyed', async () => {
      const rules = createIgnoreRules(async path => (path === '.copilotignore' ? decodeText(bytes) : ''));
      for (const path of ['private/a.ts', 'ä😀/a.ts'])
        expect(await rules.isIgnored(path, 'completion')).toBe(true);
    });
  });

  it('keeps the lines beside invalid bytes', () =>
    expect(decodeText(Uint8Array.of(0x61, 0x0a, 0xff, 0x0a, 0x62))).toBe('a\n\ufffd\nb'));

  it.each([[[]], [[0x61]], [[0xff]]])('is UTF-8 if it is too short for a mark: %j', bytes =>
    expect(decodeText(Uint8Array.from(bytes))).toBe(Buffer.from(bytes).toString('utf8')),
  );
});
