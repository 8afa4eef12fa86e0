import { describe, expect, it } from 'vitest';
import { attentionMask, createOneTokenMask, type MaskShape } from '../../src/onnx/attention-mask';

/** A line for each query: `o` where it may look, `.` where it may not. */
function picture(shape: Partial<MaskShape> & { past: number; fresh: number }): string[] {
  const mask = attentionMask({ group: 1, window: Number.POSITIVE_INFINITY, ...shape });
  const columns = shape.past + shape.fresh;
  return Array.from({ length: mask.length / columns }, (_, row) =>
    [...mask.subarray(row * columns, (row + 1) * columns)].map(x => (x === 0 ? 'o' : '.')).join(''),
  );
}

describe('the attention mask', () => {
  it('shows each token itself and the tokens before it, but not the blank row', () => {
    expect(picture({ past: 3, fresh: 3 })).toEqual(['.ooo..', '.oooo.', '.ooooo']);
  });

  it('of an empty cache is the lower triangle', () => {
    expect(picture({ past: 1, fresh: 3 })).toEqual(['.o..', '.oo.', '.ooo']);
  });

  it('has a row for each query head of a group', () => {
    expect(picture({ past: 1, fresh: 2, group: 2 })).toEqual(['.o.', '.o.', '.oo', '.oo']);
  });

  it('with a sliding window shows only the last tokens, with the token itself', () => {
    expect(picture({ past: 3, fresh: 3, window: 2 })).toEqual(['..oo..', '...oo.', '....oo']);
    expect(picture({ past: 3, fresh: 1, window: 1 })).toEqual(['...o']);
  });

  it('of some of the new tokens has only their rows', () => {
    expect(picture({ past: 2, fresh: 3, looking: [0, 2], group: 2 })).toEqual([
      '.oo..',
      '.oo..',
      '.oooo',
      '.oooo',
    ]);
    expect(picture({ past: 2, fresh: 3, looking: [] })).toEqual([]);
  });

  it('leaves no weight where it hides', () => {
    const [hidden] = attentionMask({ past: 1, fresh: 1, group: 1, window: 1 });
    expect(Math.exp(hidden!)).toBe(0);
  });

  it.each([1, 2, 9])('of one token is the same when it is cut from the prepared one, with %i rows', past => {
    const whole = { past, fresh: 1, group: 1, window: Number.POSITIVE_INFINITY };
    expect(createOneTokenMask(9)(past)).toEqual(attentionMask(whole));
  });
});
