import ranks from 'gpt-tokenizer/bpeRanks/p50k_base';
import { encode } from 'gpt-tokenizer/encoding/p50k_base';
import { describe, expect, it } from 'vitest';
import { createP50kTokenizer } from '../../src/tokenizer/p50k';
import { oddTexts } from './odd-texts';

/** `<|endoftext|>` has a number among the ranks, and no token. */
const everyRank = [...ranks.keys()].filter(rank => ranks[rank] !== undefined);
const tokenizer = createP50kTokenizer({ special: ['<|endoftext|>'], kept: everyRank }, ranks);

function check(text: string) {
  const found = tokenizer.encode(text).map(id => everyRank[id - 1]);
  expect(found, JSON.stringify(text)).toEqual(encode(text, { disallowedSpecial: new Set() }));
}

describe('the whole p50k', () => {
  it("has every rank's token after the special ones", () => {
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
