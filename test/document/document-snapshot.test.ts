import { describe, expect, it } from 'vitest';
import { followingLines, linePrefix, lineSuffix, shortPath } from '../../src/document/document-snapshot';
import { place } from '../notation';

function check(text: string, before: string, after: string, below: string) {
  const document = place(text);
  expect({
    before: linePrefix(document),
    after: lineSuffix(document),
    below: followingLines(document),
  }).toEqual({ before, after, below });
}

describe('a snapshot', () => {
  it('is cut at the cursor and at the end of its line', () =>
    check('a\nfoo(█);\nb\n', 'foo(', ');', '\nb\n'));
  it('may be a single line', () => check('foo(█)', 'foo(', ')', ''));
  it('may be empty', () => check('█', '', '', ''));
  it('has nothing before a cursor at the start of a line', () => check('a\n█b\n', '', 'b', '\n'));
  it('has nothing after a cursor at the end of a line', () => check('a█\n\nb', 'a', '', '\n\nb'));
});

describe('shortPath', () => {
  it.each([
    ['/home/me/project/src/cart.ts', 'src/cart.ts'],
    ['C:\\project\\src\\cart.ts', 'src/cart.ts'],
    ['src/cart.ts', 'src/cart.ts'],
    ['cart.ts', 'cart.ts'],
    ['/cart.ts', 'cart.ts'],
    ['/src//cart.ts', 'src/cart.ts'],
    ['', ''],
  ])('of %j is %j', (path, short) => expect(shortPath(path)).toBe(short));
});
