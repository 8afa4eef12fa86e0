import { describe, expect, it } from 'vitest';
import { FilePieces, identifiersOf, rememberByVersion } from '../../src/other-files/other-file';
import { createRandom } from '../random';

const textsOf = (text: string) =>
  new FilePieces().of([{ uri: 'file:///a.ts', path: 'a.ts', text }]).map(piece => piece.text);
const body = (name: string, lines: number) =>
  [`function ${name}() {`, ...Array.from({ length: lines - 2 }, (_, i) => `  ${name}${i}();`), '}'].join(
    '\n',
  );

describe('a file is cut', () => {
  it('into one piece if it is short', () => expect(textsOf(body('short', 20))).toEqual([body('short', 20)]));

  it('before a function rather than inside one', () => {
    const [first, second] = [body('first', 15), body('second', 15)];
    expect(textsOf(`${first}\n\n${second}`)).toEqual([`${first}\n`, second]);
  });

  it('after the largest number of lines if no place before it is better', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `}, call${i}`);
    expect(textsOf(lines.join('\n')).map(text => text.split('\n').length)).toEqual([24, 24, 12]);
  });

  it('never before a line that closes a block', () => {
    const nested = Array.from({ length: 8 }, (_, i) => body(`nested${i}`, 7)).join('\n');
    for (const text of textsOf(nested)) expect(text).toMatch(/^function/);
  });

  it('into nothing if it is blank', () => expect(textsOf('\n  \n')).toEqual([]));

  it('without lines that are too long for code', () => {
    const pieces = textsOf(`${body('written', 20)}\n\n${'x'.repeat(5000)}\n${body('below', 30)}`);
    expect(pieces.join('')).toContain('written0');
    expect(pieces.join('')).not.toContain('xxxx');
  });

  it('into pieces that together are the whole file, whatever it contains', () => {
    const random = createRandom(5);
    const lines = ['', '  ', 'foo();', '  bar();', '\tbaz', '}', '  )', '日本', 'end'];
    for (let index = 0; index < 300; index++) {
      const text = Array.from({ length: random.below(200) }, () => random.pick(lines)).join('\n');
      const shown = textsOf(text).join('\n');
      // Only pieces that are completely blank are left out.
      expect(shown.split('\n').filter(line => line.trim() !== '')).toEqual(
        text.split('\n').filter(line => line.trim() !== ''),
      );
    }
  });
});

it('a file is cut once, and a changed file again', () => {
  const pieces = new FilePieces();
  const file = { uri: 'file:///a.ts', path: 'a.ts', text: 'const total = 1;' };
  const [piece] = pieces.of([file]);
  expect(pieces.of([file])[0]).toBe(piece);
  expect(pieces.of([{ ...file }])[0]).not.toBe(piece);
});

it('many long files are cut in several calls, and none is lost', () => {
  const pieces = new FilePieces();
  const files = Array.from({ length: 5 }, (_, i) => ({
    uri: `file:///${i}.ts`,
    path: `${i}.ts`,
    text: 'total(price);\n'.repeat(4000),
  }));
  const cut = () => [...new Set(pieces.of(files).map(({ path }) => path))];
  expect(cut()).toEqual(['0.ts']);
  expect(cut()).toEqual(['0.ts', '1.ts']);
  for (let call = 0; call < 3; call++) cut();
  expect(cut()).toEqual(files.map(({ path }) => path));
});

describe('the identifiers of a text', () => {
  const check = (text: string, ...identifiers: string[]) =>
    expect([...identifiersOf(text)]).toEqual(identifiers);

  it('are each named once', () => check('total += price(total)', 'total', 'price'));
  it('may contain digits, dollars and underscores', () => check('$el_2 = _private1', '$el_2', '_private1'));
  it('may be in any alphabet', () => check('größe = 値段表', 'größe', '値段表'));
  it('are not keywords, short names or numbers', () => check('const if = a1; return 12345'));
});

describe('what is made of a document', () => {
  const read = rememberByVersion(({ text }: { readonly version: number; readonly text: string }) => ({
    text,
  }));

  it('is the same object until the version changes', () => {
    const document = { version: 1, text: 'a' };
    const first = read(document);
    expect(read(document)).toBe(first);
    Object.assign(document, { version: 2, text: 'b' });
    expect(read(document)).toEqual({ text: 'b' });
  });

  it('is made again for a document that was closed and opened, even if its version is the same', () => {
    read({ version: 1, text: 'a' });
    expect(read({ version: 1, text: 'changed on disk' })).toEqual({ text: 'changed on disk' });
  });
});
