import { expect } from 'vitest';
import type { TextFilter } from '../../../src/completion/filters/filter';
import { place } from '../../notation';

/** @param kept of `suggestion` at the place in `text`: what the filter lets through */
export function createCheck(filter: TextFilter) {
  return (text: string, suggestion: string, kept: string | undefined) =>
    expect(filter(suggestion, place(text))).toBe(kept);
}
