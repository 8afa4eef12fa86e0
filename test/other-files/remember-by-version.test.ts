import { expect, it } from 'vitest';
import { rememberByVersion } from '../../src/other-files/remember-by-version';

const read = rememberByVersion(({ text }: { readonly version: number; readonly text: string }) => ({ text }));

it('what was made is the same object until the version is another', () => {
  const document = { version: 1, text: 'a' };
  const first = read(document);
  expect(read(document)).toBe(first);
  Object.assign(document, { version: 2, text: 'b' });
  expect(read(document)).toEqual({ text: 'b' });
});

it('a document that was closed and opened anew is another, though its version is the same', () => {
  read({ version: 1, text: 'a' });
  expect(read({ version: 1, text: 'changed on disk' })).toEqual({ text: 'changed on disk' });
});
