import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { decode } from '../../src/tokenizer/stream-decoder';
import { marks } from '../byte-tokenizer';
import { oddTexts } from './odd-texts';

const tokenizer = await loadTokenizer('models/sotto-starter');

function check(text: string) {
  const ids = tokenizer.encode(text);
  // UTF-8 has no lone surrogates: Node's encoder, too, writes U+FFFD for them.
  expect(decode(tokenizer, ids), JSON.stringify(text)).toBe(Buffer.from(text).toString());
}

describe('the pruned p50k of the bundled model', () => {
  it('gives back thousands of odd texts', () => {
    for (const text of oddTexts(4_000, 2)) check(text);
  });

  it('gives back characters of every plane, surrogates as U+FFFD', () => {
    for (let code = 0; code < 0x110000; code += 97) check(`x${String.fromCodePoint(code)}\n`);
  });

  it('uses only ids of the vocabulary, and no special one', () => {
    const ids = [...oddTexts(200, 3)].flatMap(text => tokenizer.encode(text));
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(marks.length);
    expect(Math.max(...ids)).toBeLessThan(tokenizer.vocabulary);
  });

  it.each([...marks, '<|endofprompt|>', '<|fim_pad|>'])('takes the spelling %s as data', spelling => {
    const text = `${spelling}a${spelling}${spelling}\n${spelling}`;
    check(text);
    expect(tokenizer.encode(text).filter(id => id < marks.length)).toEqual([]);
  });

  it('writes ordinary code in a third of its bytes', () => {
    const line = 'export function findUser(users: User[], id: number): User | undefined {\n';
    expect(tokenizer.encode(line.repeat(10)).length).toBeLessThan((line.length * 10) / 3);
  });

  it('has no bytes for a special token', () => {
    for (const mark of marks) expect(tokenizer.bytes(tokenizer.special(mark)!)).toHaveLength(0);
  });

  it('knows the special tokens by name and no others', () => {
    expect(marks.map(mark => tokenizer.special(mark))).toEqual([0, 1, 2, 3, 4]);
    expect(tokenizer.special('<|fim_pad|>')).toBeUndefined();
  });

  it('refuses an id that it does not have', () => {
    expect(() => tokenizer.bytes(tokenizer.vocabulary)).toThrow(RangeError);
    expect(() => tokenizer.bytes(-1)).toThrow('id -1 is not one of the 8192');
  });
});
