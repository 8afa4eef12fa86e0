import { describe, expect, it } from 'vitest';
import { FileChunks } from '../../src/other-files/file-pieces';
import { createRandom } from '../random';

const textsOf = (text: string) => new FileChunks().of([{ path: 'a.ts', text }]).map(chunk => chunk.text);
const body = (name: string, lines: number) =>
  [`function ${name}() {`, ...Array.from({ length: lines - 2 }, (_, i) => `  ${name}${i}();`), '}'].join(
    '\n',
  );

describe('a file is cut', () => {
  it('into one chunk where it is short', () =>
    expect(textsOf(body('short', 20))).toEqual([body('short', 20)]));

  it('before a function, rather than inside one', () => {
    const [first, second] = [body('first', 15), body('second', 15)];
    expect(textsOf(`${first}\n\n${second}`)).toEqual([`${first}\n`, second]);
  });

  it('after as many lines as a chunk may have, where nothing better is near', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `}, call${i}`);
    expect(textsOf(lines.join('\n')).map(text => text.split('\n').length)).toEqual([24, 24, 12]);
  });

  it('never before what closes a block', () => {
    const nested = Array.from({ length: 8 }, (_, i) => body(`nested${i}`, 7)).join('\n');
    for (const text of textsOf(nested)) expect(text).toMatch(/^function/);
  });

  it('into nothing where it is empty or blank', () => expect(textsOf('\n  \n')).toEqual([]));

  it('without lines that are longer than code', () => {
    const chunks = textsOf(`${body('written', 20)}\n\n${'x'.repeat(5000)}\n${body('below', 30)}`);
    expect(chunks.join('')).toContain('written0');
    expect(chunks.join('')).not.toContain('xxxx');
  });

  it('so that its chunks together are the file, whatever is in it', () => {
    const random = createRandom(5);
    const lines = ['', '  ', 'foo();', '  bar();', '\tbaz', '}', '  )', '日本', 'end'];
    for (let index = 0; index < 300; index++) {
      const text = Array.from({ length: random.below(200) }, () => random.pick(lines)).join('\n');
      const shown = textsOf(text).join('\n');
      // Only chunks that are blank from end to end are left out.
      expect(shown.split('\n').filter(line => line.trim() !== '')).toEqual(
        text.split('\n').filter(line => line.trim() !== ''),
      );
    }
  });
});

it('a file is cut once, and again when it is another', () => {
  const chunks = new FileChunks();
  const file = { path: 'a.ts', text: 'const total = 1;' };
  const [chunk] = chunks.of([file]);
  expect(chunks.of([file])[0]).toBe(chunk);
  expect(chunks.of([{ ...file }])[0]).not.toBe(chunk);
});

it('of many long files some wait for their turn, and nothing is lost', () => {
  const chunks = new FileChunks();
  const files = Array.from({ length: 5 }, (_, i) => ({
    path: `${i}.ts`,
    text: 'total(price);\n'.repeat(4000),
  }));
  const cut = () => [...new Set(chunks.of(files).map(({ path }) => path))];
  expect(cut()).toEqual(['0.ts']);
  expect(cut()).toEqual(['0.ts', '1.ts']);
  for (let call = 0; call < 3; call++) cut();
  expect(cut()).toEqual(files.map(({ path }) => path));
});
