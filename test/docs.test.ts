/** Pages and comments refer only to headings, files and links that exist, and pages stay readable. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const pages = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs', /\.md$/)];
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
