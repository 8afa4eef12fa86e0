/** What the pages say of the tree, and the tree of the pages, must be there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const pages = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs', /\.md$/)];
const sources = ['src', 'bench', 'test', 'scripts', 'train'].flatMap(folder =>
  filesBelow(folder, /\.(ts|mjs|cjs|py|md)$/),
);
const log = readFileSync('docs/log.md', 'utf8');
const headings = headingsOf(log);

it('a reference to the log names one of its headings', () => {
  const wrong = sources.flatMap(file =>
    Array.from(unwrapped(file).matchAll(/docs\/log\.md(?:, "([^"]*)")?/g), ([reference, heading]) =>
      heading !== undefined && headings.includes(heading) ? [] : [`${file}: ${reference}`],
    ).flat(),
  );
  expect(wrong).toEqual([]);
});

it('the contents of the log list its headings in order, each once', () => {
  const listed = Array.from(log.matchAll(/^ *- (?:\*\*)?\[(.+?)\]\(#(.+?)\)/gm), ([, name, anchor]) => [
    name,
    anchor,
  ]);
  const wanted = headings
    .filter(heading => heading !== 'Contents')
    .map(heading => [heading, anchorOf(heading)]);
  expect(listed).toEqual(wanted);
  expect(new Set(headings).size).toBe(headings.length);
});

it('a path that a page mentions exists', () => {
  const wrong = pages.flatMap(page =>
    Array.from(
      read(page).matchAll(/(?<![\w./-])(?:src|bench|scripts|test)\/[\w./-]*[\w/]/g),
      ([path]) => path,
    )
      .filter(path => !existsSync(path))
      .map(path => `${page}: ${path}`),
  );
  expect(wrong).toEqual([]);
});

it('a link between pages leads to a file and a heading', () => {
  const wrong = pages.flatMap(page =>
    Array.from(read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g))
      .filter(([, path = '', anchor]) => {
        const target = path === '' ? page : join(dirname(page), path);
        if (!existsSync(target)) return true;
        return anchor !== undefined && !headingsOf(read(target)).map(anchorOf).includes(anchor);
      })
      .map(([link]) => `${page}: ${link}`),
  );
  expect(wrong).toEqual([]);
});

it('neither a page nor a comment refers to something outside the tree', () => {
  const outside = /\bissues? #?\d|design page|the session's note/i;
  const wrong = [...pages, ...sources.filter(file => file !== 'test/docs.test.ts')].filter(file =>
    outside.test(unwrapped(file)),
  );
  expect(wrong).toEqual([]);
});

it('no paragraph of a page is one line of more than 400 characters', () => {
  const long = pages.flatMap(page =>
    read(page)
      .split('\n')
      .filter(line => line.length > 400 && !line.startsWith('|'))
      .map(line => `${page}: ${line.slice(0, 60)}`),
  );
  expect(long).toEqual([]);
});

function filesBelow(folder: string, name: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => join(folder, path).replaceAll('\\', '/'))
    .filter(path => name.test(path) && !/node_modules|fixtures/.test(path));
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

/** A file's text with the line breaks of its comments taken out, so that a reference may be broken over two lines. */
function unwrapped(path: string): string {
  return read(path).replace(/\n[ \t]*(?:\*|\/\/|#)?[ \t]*/g, ' ');
}

function headingsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/^##+ (.+)$/gm), ([, heading = '']) => heading);
}

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
