import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/privacy/decode-text';
import { createIgnoreRules } from '../../src/privacy/ignore-rules';

const text = 'private/\r\nä😀/\r\n';
const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
const encodings = {
  'UTF-8': Buffer.from(text),
  'UTF-8 with a mark': Buffer.from(`\ufeff${text}`),
  'UTF-16, low byte first': utf16,
  'UTF-16, high byte first': Buffer.from(utf16).swap16(),
};

describe.each(Object.entries(encodings))('%s', (_, bytes) => {
  it('is read, without its mark', () => expect(decodeText(bytes)).toBe(text));

  it('forbids what it says in an ignore file', async () => {
    const rules = createIgnoreRules(async path => (path === '.copilotignore' ? decodeText(bytes) : ''));
    for (const path of ['private/a.ts', 'ä😀/a.ts'])
      expect(await rules.isIgnored(path, 'completion')).toBe(true);
  });
});

it('what is no character does not hide the lines beside it', () =>
  expect(decodeText(Uint8Array.of(0x61, 0x0a, 0xff, 0x0a, 0x62))).toBe('a\n\ufffd\nb'));

it.each([[[]], [[0x61]], [[0xff]]])('%j, too short for a mark, is UTF-8', bytes =>
  expect(decodeText(Uint8Array.from(bytes))).toBe(Buffer.from(bytes).toString('utf8')),
);
