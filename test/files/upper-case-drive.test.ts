import { expect, it } from 'vitest';
import { upperCaseDrive } from '../../src/files/upper-case-drive';

it.each([
  ['c:\\Users\\a', 'C:\\Users\\a'],
  ['C:\\Users\\a', 'C:\\Users\\a'],
  ['d:/a', 'D:/a'],
  ['/home/a', '/home/a'],
  ['\\\\server\\a', '\\\\server\\a'],
  ['ab:/a', 'ab:/a'],
])('%j is %j', (path, expected) => expect(upperCaseDrive(path)).toBe(expected));
