import { describe, expect, it } from 'vitest';
import { joinCells } from '../../src/document/join-cells';

describe('the cells above', () => {
  it('stand before the cell, a blank line between', () =>
    expect(joinCells(['a = 1\n', 'b = 2'])).toEqual({ text: 'a = 1\n\nb = 2\n\n', offset: 0 }));
  it('leave nothing where they are empty', () =>
    expect(joinCells(['', '\n'])).toEqual({ text: '', offset: 0 }));
  it('are left out from the first on where they are long', () => {
    const long = 'x'.repeat(20_000);
    expect(joinCells([long, long, 'near'])).toEqual({ text: `${long}\n\nnear\n\n`, offset: 20_002 });
  });
  it('are whole or not there', () => expect(joinCells(['x'.repeat(40_000)]).text).toBe(''));
});
