import { describe, expect, test } from 'vitest';
import { uriPath } from '../../scripts/code-server.mjs';

describe('the path in the URI of a file', () => {
  test.each([
    ['C:\\Users\\a b', '/C:/Users/a b'],
    ['d:/a', '/d:/a'],
    ['/home/a', '/home/a'],
    ['/c:/a', '/c:/a'],
  ])('of %j is %j', (path, expected) => expect(uriPath(path)).toBe(expected));
});
