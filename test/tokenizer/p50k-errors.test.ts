import { describe, expect, it } from 'vitest';
import { createP50kTokenizer } from '../../src/tokenizer/p50k';
import type { RankTable } from '../../src/tokenizer/rank-tokenizer';

/** The single bytes, and one merge. */
const ranks: RankTable = [...Array.from({ length: 256 }, (_, byte) => byteToken(byte)), 'ab'];
const bytes = Array.from({ length: 256 }, (_, rank) => rank);

function byteToken(byte: number): string | number[] {
  return byte < 128 ? String.fromCharCode(byte) : [byte];
}

function check(kept: readonly number[], message: string) {
  expect(() => createP50kTokenizer({ special: [], kept }, ranks)).toThrow(new RangeError(message));
}

describe('a vocabulary', () => {
  it('is merged where the merge is kept', () => {
    const whole = createP50kTokenizer({ special: ['<|end|>'], kept: [...bytes, 256] }, ranks);
    const pruned = createP50kTokenizer({ special: ['<|end|>'], kept: bytes }, ranks);
    expect(whole.encode('cab')).toEqual([1 + 99, 1 + 256]);
    expect(pruned.encode('cab')).toEqual([1 + 99, 1 + 97, 1 + 98]);
  });

  it('has ids in the order in which ranks are kept', () => {
    const tokenizer = createP50kTokenizer({ special: [], kept: bytes.toReversed() }, ranks);
    expect(tokenizer.encode('\0a')).toEqual([255, 255 - 97]);
  });

  it('names no rank twice', () => check([...bytes, 256, 97], 'rank 97 is named twice'));

  it.each([257, -1, 1.5, Number.NaN])('does not have rank %d of a table that ends before it', rank =>
    check([...bytes, rank], `rank ${rank} is not one of p50k's 257`),
  );

  it('lacks no single byte', () => check(bytes.slice(1), 'only 255 of the 256 single bytes are kept'));
});
