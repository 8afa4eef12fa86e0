import { describe, expect, it } from 'vitest';
import { boundAfter, boundBefore, joinCells } from '../../src/document/document-snapshot';

/** @param lengths of the document's lines */
const above = (lengths: readonly number[], line: number, character: number) =>
  boundBefore({ line, character }, at => lengths[at]!);
const below = (lengths: readonly number[], line: number, character: number) =>
  boundAfter({ line, character }, lengths.length, at => lengths[at]!);

const lines = (count: number, length: number): number[] => Array.from({ length: count }, () => length);

describe('before the cursor', () => {
  it('a small document is taken from its start', () => {
    expect(above([3], 0, 2)).toEqual({ line: 0, character: 0 });
    expect(above([3, 0, 5], 2, 5)).toEqual({ line: 0, character: 0 });
    expect(above([0], 0, 0)).toEqual({ line: 0, character: 0 });
  });

  it('a large document is taken from a line that moves in steps of 500', () => {
    const long = lines(20_000, 3);
    expect(above(long, 2_400, 0).line).toBe(0);
    expect(above(long, 2_999, 0).line).toBe(500);
    expect(above(long, 10_000, 0)).toEqual({ line: 8_000, character: 0 });
    expect(above(long, 10_499, 3)).toEqual({ line: 8_000, character: 0 });
  });

  it('only the end of a long line is taken', () =>
    expect(above([5_000_000], 0, 4_000_000)).toEqual({ line: 0, character: 3_936_000 }));

  it('only the end of a long line above the cursor is taken', () =>
    expect(above([200_000, 10], 1, 10)).toEqual({ line: 0, character: 200_001 - 63_990 }));

  it('at most 64,000 characters are taken, with line breaks', () => {
    for (const length of [0, 1, 99, 63_998, 63_999, 64_000, 64_001]) {
      const { line, character } = above(lines(2_000, length), 1_999, length);
      expect((1_999 - line) * (length + 1) + length - character).toBeLessThanOrEqual(64_000);
    }
  });
});

describe('after the cursor', () => {
  it('a small document is taken to its end', () => {
    expect(below([3], 0, 2)).toEqual({ line: 0, character: 3 });
    expect(below([3, 0, 5], 0, 3)).toEqual({ line: 2, character: 5 });
  });

  it('500 lines of a large document are taken', () =>
    expect(below(lines(2_000, 3), 10, 1)).toEqual({ line: 510, character: 3 }));

  it('only the start of a long line is taken', () => {
    expect(below([5_000_000], 0, 1_000)).toEqual({ line: 0, character: 17_000 });
    expect(below([10, 5_000_000], 0, 10)).toEqual({ line: 1, character: 15_999 });
  });

  it('at most 16,000 characters are taken, with line breaks', () => {
    for (const length of [0, 1, 99, 15_998, 15_999, 16_000, 16_001]) {
      const { line, character } = below(lines(600, length), 0, 0);
      expect(line * (length + 1) + character).toBeLessThanOrEqual(16_000);
    }
  });
});

describe('the cells above', () => {
  it('stand before the cell, with a blank line between', () =>
    expect(joinCells(['a = 1\n', 'b = 2'])).toEqual({ text: 'a = 1\n\nb = 2\n\n', offset: 0 }));
  it('leave nothing if they are empty', () => expect(joinCells(['', '\n'])).toEqual({ text: '', offset: 0 }));
  it('are left out from the first on if they are long', () => {
    const long = 'x'.repeat(20_000);
    expect(joinCells([long, long, 'near'])).toEqual({ text: `${long}\n\nnear\n\n`, offset: 20_002 });
  });
  it('are never cut', () => expect(joinCells(['x'.repeat(40_000)]).text).toBe(''));
});
