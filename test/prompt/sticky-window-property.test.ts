import { expect, it } from 'vitest';
import { followingLines } from '../../src/document/document-snapshot';
import { type TextWindow, updateWindow } from '../../src/prompt/sticky-window';
import { place } from '../notation';
import { createRandom, type Random } from '../random';
import { wordCount } from './word-count';

const pieces = [
  'foo',
  'bar',
  ' ',
  '    ',
  '\t',
  '(',
  ')',
  ' = ',
  '\n',
  '\n',
  '\n\n',
  '😀',
  'é',
  '}\n',
  '"x"',
];

/** Between two requests, a user types, deletes, jumps, edits far away, or does nothing. */
function edit(random: Random, text: string, cursor: number): { text: string; cursor: number } {
  const action = random.below(8);
  const typed = random.join(pieces, 1 + random.below(action === 7 ? 400 : 6));
  const at = action === 6 ? random.below(text.length + 1) : cursor;
  const deleted = action === 5 ? Math.min(at, random.below(30)) : 0;
  if (action === 4) return wellFormed(text, random.below(text.length + 1));
  const edited = text.slice(0, at - deleted) + typed + text.slice(at);
  return wellFormed(edited, at <= cursor ? cursor - deleted + typed.length : cursor);
}

/** The cursor is never inside a surrogate pair, and an edit never leaves half of one. */
function wellFormed(text: string, cursor: number): { text: string; cursor: number } {
  const before = Buffer.from(text.slice(0, cursor)).toString().replaceAll('\ufffd', '');
  const after = Buffer.from(text.slice(cursor)).toString().replaceAll('\ufffd', '');
  return { text: before + after, cursor: before.length };
}

it('a window is always the end of the text before the cursor, and the beginning of the text that followed its line', () => {
  const random = createRandom(6);
  let kept = 0;
  for (let document = 0; document < 60; document++) {
    const suffixTokens = random.below(200);
    const budget = { tokens: suffixTokens + 1 + random.below(150), suffixTokens };
    let text = random.join(pieces, random.below(600));
    let cursor = text.length;
    let previous: TextWindow | undefined;
    for (let step = 0; step < 40; step++) {
      ({ text, cursor } = edit(random, text, cursor));
      // The snapshot has only a part of the document, as it does of a large one.
      const offset = text.lastIndexOf('\n', Math.max(0, cursor - 500 - random.below(500))) + 1;
      const snapshot = place(`${text.slice(offset, cursor)}█${text.slice(cursor, cursor + 1_000)}`, {
        prefixOffset: offset,
      });
      const window = updateWindow(snapshot, budget, wordCount, previous);

      expect(window.prefix).toBe(text.slice(window.start, cursor));
      expect(window.start).toBeGreaterThanOrEqual(offset);
      const following = followingLines(snapshot);
      if (following.startsWith(window.suffix)) expect(window.suffix).not.toMatch(/^\s+$/);
      else {
        expect(window.suffix).toBe(previous?.suffix);
        expect(following.slice(0, 200)).toBe(window.suffix.slice(0, 200));
        kept++;
      }
      expect(wordCount(window.prefix) + wordCount(window.suffix)).toBeLessThanOrEqual(budget.tokens);
      expect(wordCount(window.suffix)).toBeLessThanOrEqual(budget.suffixTokens);
      expect(Buffer.from(window.prefix + window.suffix).toString()).toBe(window.prefix + window.suffix);
      previous = window;
    }
  }
  // Some suffixes were kept although the text further below had changed.
  expect(kept).toBeGreaterThan(0);
});
