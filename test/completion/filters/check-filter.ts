import { expect } from 'vitest';
import type { TextFilter } from '../../../src/completion/filters/filter';
import { place } from '../../notation';

/** @returns a function that checks what the filter keeps of `suggestion` at the cursor in `text` */
export function createCheck(filter: TextFilter) {
  return (text: string, suggestion: string, kept: string | undefined) =>
    expect(filter(suggestion, place(text))).toBe(kept);
}
