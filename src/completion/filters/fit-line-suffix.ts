/**
 * Makes a suggestion agree with what stands right of the cursor. The model writes to the end of the line; the editor
 * has often closed a bracket or a quote there already.
 */

import type { Insertion } from './filter';

/**
 * @param text the suggestion
 * @param lineSuffix the cursor's line from the cursor
 * @returns undefined if nothing is left to insert
 */
export function fitLineSuffix(text: string, lineSuffix: string): Insertion | undefined {
  const closers = lineSuffix.trimEnd();
  const [line = '', ...more] = text.split('\n');
  if (closers === '') return { text, replaceAfter: 0 };
  if (more.length > 0) return takePlace(text, line, closers);
  const overlap = longestOverlap(line, closers);
  if (overlap === closers.length) return insert(line.slice(0, line.length - overlap));
  return takePlace(text, line, closers) ?? insert(line.slice(0, line.length - overlap));
}

/** `b);` before an existing `)`: VS Code shows the letters that are new if the old ones occur among them, in order. */
function takePlace(text: string, line: string, closers: string): Insertion | undefined {
  const closesAsMuch = unmatched(line).closers >= unmatched(closers).closers;
  return closesAsMuch && isSubsequence(closers, line) ? { text, replaceAfter: closers.length } : undefined;
}

function insert(text: string): Insertion | undefined {
  return text.trim() === '' ? undefined : { text, replaceAfter: 0 };
}

/**
 * The longest end of `text` that `following` begins with and that `text` can do without: the bracket that closes
 * `bar(` in `bar(a)` is its own, whatever stands right of the cursor.
 */
function longestOverlap(text: string, following: string): number {
  for (let length = Math.min(text.length, following.length); length > 0; length--) {
    const rest = text.slice(0, text.length - length);
    const isOverlap = following.startsWith(text.slice(text.length - length));
    if (isOverlap && unmatched(rest).openers <= unmatched(text).openers) return length;
  }
  return 0;
}

/** Brackets without a partner within `text`. By count, not by kind: what is inside quotes is not looked into either. */
function unmatched(text: string): { readonly openers: number; readonly closers: number } {
  let openers = 0;
  let closers = 0;
  for (const character of text) {
    if ('([{'.includes(character)) openers++;
    else if (')]}'.includes(character)) openers > 0 ? openers-- : closers++;
  }
  return { openers, closers };
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of part) {
    at = whole.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
