import ranks from 'gpt-tokenizer/bpeRanks/p50k_base';
import { encode } from 'gpt-tokenizer/encoding/p50k_base';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { createP50kTokenizer, type RankTable } from '../../src/tokenizer/openai-tokenizer';
import { decode } from '../../src/tokenizer/tokenizer';
import { marks } from '../byte-tokenizer';
import { oddTexts } from './odd-texts';

describe('a vocabulary with some ranks of a table', () => {
  /** The single bytes, and one merge. */
  const table: RankTable = [...Array.from({ length: 256 }, (_, byte) => byteToken(byte)), 'ab'];
  const bytes = Array.from({ length: 256 }, (_, rank) => rank);

  function byteToken(byte: number): string | number[] {
    return byte < 128 ? String.fromCharCode(byte) : [byte];
  }

  function checkRefused(kept: readonly number[], message: string) {
    expect(() => createP50kTokenizer({ special: [], kept }, table)).toThrow(new RangeError(message));
  }

  it('merges two tokens only if the merged token is kept', () => {
    const whole = createP50kTokenizer({ special: ['<|end|>'], kept: [...bytes, 256] }, table);
    const pruned = createP50kTokenizer({ special: ['<|end|>'], kept: bytes }, table);
    expect(whole.encode('cab')).toEqual([1 + 99, 1 + 256]);
    expect(pruned.encode('cab')).toEqual([1 + 99, 1 + 97, 1 + 98]);
  });

  it('numbers its tokens in the order in which ranks are kept', () => {
    const tokenizer = createP50kTokenizer({ special: [], kept: bytes.toReversed() }, table);
    expect(tokenizer.encode('\0a')).toEqual([255, 255 - 97]);
  });

  it('is refused if it names a rank twice', () =>
    checkRefused([...bytes, 256, 97], 'rank 97 is named twice'));

  it.each([257, -1, 1.5, Number.NaN])('is refused if it names rank %d, which the table does not have', rank =>
    checkRefused([...bytes, rank], `rank ${rank} is not one of p50k's 257`),
  );

  it('is refused if it lacks a single byte', () =>
    checkRefused(bytes.slice(1), 'only 255 of the 256 single bytes are kept'));
});

describe('the whole p50k', () => {
  /** The rank of `<|endoftext|>` has no token. */
  const everyRank = [...ranks.keys()].filter(rank => ranks[rank] !== undefined);
  const tokenizer = createP50kTokenizer({ special: ['<|endoftext|>'], kept: everyRank }, ranks);

  function check(text: string) {
    const found = tokenizer.encode(text).map(id => everyRank[id - 1]);
    expect(found, JSON.stringify(text)).toEqual(encode(text, { disallowedSpecial: new Set() }));
  }

  it('has the token of every rank after the special tokens', () => {
    expect(tokenizer.vocabulary).toBe(1 + 50_280);
  });

  it('gives the ids of gpt-tokenizer for code', () => {
    check(
      'export function sum(values: readonly number[]): number {\n  return values.reduce((a, b) => a + b, 0);\n}\n',
    );
    check('def main() -> None:\n\tprint(f"{x!r:>10}")\r\n\r\n');
  });

  it('gives the ids of gpt-tokenizer for odd texts', () => {
    for (const text of oddTexts(1_000, 1)) check(text);
  });
});

const bundled = await loadTokenizer('models/sotto-starter');

describe('the pruned p50k of the bundled model', () => {
  const tokenizer = bundled;

  function check(text: string) {
    const ids = tokenizer.encode(text);
    // UTF-8 has no lone surrogates. Node's encoder writes U+FFFD for them, too.
    expect(decode(tokenizer, ids), JSON.stringify(text)).toBe(Buffer.from(text).toString());
  }

  it('gives back thousands of odd texts', () => {
    for (const text of oddTexts(4_000, 2)) check(text);
  });

  it('gives back characters of every plane, and surrogates as U+FFFD', () => {
    for (let code = 0; code < 0x110000; code += 97) check(`x${String.fromCodePoint(code)}\n`);
  });

  it('uses only ids of the vocabulary, and no special one', () => {
    const ids = [...oddTexts(200, 3)].flatMap(text => tokenizer.encode(text));
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(marks.length);
    expect(Math.max(...ids)).toBeLessThan(tokenizer.vocabulary);
  });

  it.each([...marks, '<|endofprompt|>', '<|fim_pad|>'])(
    'encodes the spelling %s as ordinary text',
    spelling => {
      const text = `${spelling}a${spelling}${spelling}\n${spelling}`;
      check(text);
      expect(tokenizer.encode(text).filter(id => id < marks.length)).toEqual([]);
    },
  );

  it('needs less than one token for three bytes of ordinary code', () => {
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
