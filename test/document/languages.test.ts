import { describe, expect, it } from 'vitest';
import { languageOfPath, pathInLanguage } from '../../src/document/languages';
import { importedPaths } from '../../src/other-files/imported-paths';
import { commentLine } from '../../src/prompt/spell-other-files';

it.each([
  ['work/means.ipynb', 'python', 'work/means.py'],
  ['work/means.ipynb', 'julia', 'work/means.jl'],
  ['Untitled-1', 'typescriptreact', 'Untitled-1.tsx'],
  ['Untitled-1', 'go', 'Untitled-1.go'],
  ['src/new.mjs', 'javascript', 'src/new.mjs'],
  ['work/means.ipynb', 'plaintext', 'work/means.ipynb'],
  ['Untitled-1', 'plaintext', 'Untitled-1'],
  ['', 'python', '.py'],
])('%s in %s is %s', (path, languageId, expected) => expect(pathInLanguage(path, languageId)).toBe(expected));

it("gives a notebook's cell the comments and imports of its language", () => {
  const path = pathInLanguage('/app/shop/means.ipynb', 'python');
  expect(commentLine(path, 'a')).toBe('# a');
  expect(importedPaths(path, 'from .cart import Cart')[0]).toContain('/app/shop/cart.py');
});

describe('the language of a path', () => {
  it.each([
    ['src/a.ts', 'typescript'],
    ['a/b.mjs', 'javascript'],
    ['A/CMakeLists.txt', 'cmake'],
    ['Makefile', 'makefile'],
    ['docs/use.md', 'markdown'],
    ['a/data.json', 'json'],
    ['a/App.vue', 'vue'],
    ['a/.env', ''],
    ['LICENSE', ''],
  ])('of %s is %j', (path, languageId) => expect(languageOfPath(path)).toBe(languageId));
});
