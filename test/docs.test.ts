/** Pages and comments refer only to headings, files and links that exist, and pages stay readable. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveModelSource } from '../src/checkpoint/model-source';
import { readConfig } from '../src/checkpoint/open-checkpoint';
import { readLlamaConfig } from '../src/model/architectures/llama';

const pages = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', ...filesBelow('docs', /\.md$/)];
const sources = ['src', 'bench', 'test', 'scripts', 'train']
  .flatMap(folder => filesBelow(folder, /\.(ts|mjs|cjs|py|md)$/))
  .filter(file => file !== 'test/docs.test.ts');
const logHeadings = headingsOf(read('docs/log.md'));

it('a reference to the log names one of its headings', () => {
  const wrong = findAll(
    sources,
    /docs\/log\.md(?:, "([^"]*)")?/g,
    ([, heading = '']) => !logHeadings.includes(heading),
  );
  expect(wrong).toEqual([]);
});

it('the contents of the log list each heading once, in order', () => {
  const listed = read('docs/log.md').matchAll(/^ *- (?:\*\*)?\[(.+?)\]\(#(.+?)\)/gm);
  const wanted = logHeadings.filter(heading => heading !== 'Contents');
  expect(Array.from(listed, ([, heading, anchor]) => [heading, anchor])).toEqual(
    wanted.map(heading => [heading, anchorOf(heading)]),
  );
  expect(new Set(logHeadings).size).toBe(logHeadings.length);
});

it('a path that a page mentions exists', () => {
  const path = /(?<![\w./-])(?:src|bench|scripts|test)\/[\w./-]*[\w/]/g;
  expect(findAll(pages, path, ([mention]) => !existsSync(mention))).toEqual([]);
});

it('a link of a page leads to a file and a heading that exist', () => {
  const link = /\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g;
  const wrong = findAll(pages, link, ([, path = '', anchor], page) => {
    const target = path === '' ? page : join(dirname(page), path);
    return (
      !existsSync(target) ||
      (anchor !== undefined && !headingsOf(read(target)).map(anchorOf).includes(anchor))
    );
  });
  expect(wrong).toEqual([]);
});

it('a name in a link is a name in the file that the link leads to', () => {
  const link = /\[`([\w$]+)`\]\(([^)#]+\.(?:ts|mjs|py))\)/g;
  const wrong = findAll(pages, link, ([, name = '', path = ''], page) => {
    const target = join(dirname(page), path);
    return !existsSync(target) || !new RegExp(`\\b${name}\\b`).test(read(target));
  });
  expect(wrong).toEqual([]);
});

it('the page about the transformer has the numbers of the starter model', () => {
  const config = readConfig(resolveModelSource('models/sotto-starter'));
  const { vocabulary, layers, width, heads, kvHeads, headDim, feedForward } = readLlamaConfig(config);
  const expected = { vocabulary, layers, width, heads, kvHeads, headDim, inner: feedForward };
  const page = read('docs/how-a-transformer-completes-code.md');
  const found = Array.from(page.matchAll(/^\| `(\w+)` \| .* \| (\d+) \|$/gm), ([, name, value]) => [
    name,
    Number(value),
  ]);
  expect(Object.fromEntries(found)).toEqual(expected);
  const numbers = 2 * layers * kvHeads * headDim;
  expect(page).toContain(`these are ${numbers} half floats, or ${2 * numbers} bytes`);
});

it('neither a page nor a source refers to something outside the tree', () => {
  expect(findAll([...pages, ...sources], /\bissues? #?\d+|\bdesign page/gi, () => true)).toEqual([]);
});

it('a paragraph of a page has at most 400 characters in a line', () => {
  expect(findAll(pages, /^(?!\|).{401,}$/gm, () => true)).toEqual([]);
});

/** The matches of a pattern that are wrong, each with its file. */
function findAll(
  files: readonly string[],
  pattern: RegExp,
  isWrong: (match: RegExpMatchArray, file: string) => boolean,
): readonly string[] {
  return files.flatMap(file => {
    const text = file.endsWith('.md') ? read(file) : unwrapped(read(file));
    return Array.from(text.matchAll(pattern))
      .filter(match => isWrong(match, file))
      .map(([mention]) => `${file}: ${mention}`);
  });
}

/** A source's text without the line breaks of its comments, because a reference may go over two lines. */
function unwrapped(text: string): string {
  return text.replace(/\n[ \t]*(?:\*|\/\/|#)?[ \t]*/g, ' ');
}

/** Files below a folder, without fixtures. */
function filesBelow(folder: string, name: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => join(folder, path).replaceAll('\\', '/'))
    .filter(path => name.test(path) && !path.includes('/fixtures/'));
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function headingsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/^##+ (.+)$/gm), ([, heading = '']) => heading);
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
