/**
 * Fits a suggestion to the text right of the cursor. The model writes to the end of the line, but the editor has often
 * closed a bracket or a quote there already.
 */

import type { Insertion } from './filter';

/**
 * @param text the suggestion
 * @param lineSuffix the part of the cursor's line after the cursor
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

/**
 * Replaces the rest of the line, as in `b);` before an existing `)`. VS Code shows that only if the replaced characters
 * occur in the suggestion, in the same order.
 */
function takePlace(text: string, line: string, closers: string): Insertion | undefined {
  const closesAsMuch = unmatched(line).closers >= unmatched(closers).closers;
  return closesAsMuch && isSubsequence(closers, line) ? { text, replaceAfter: closers.length } : undefined;
}

function insert(text: string): Insertion | undefined {
  return text.trim() === '' ? undefined : { text, replaceAfter: 0 };
}

/**
 * @returns the length of the longest end of `text` that `following` begins with. The bracket that closes `bar(` in `bar(a)`
 * does not count, because `text` needs it.
 */
function longestOverlap(text: string, following: string): number {
  for (let length = Math.min(text.length, following.length); length > 0; length--) {
    const rest = text.slice(0, text.length - length);
    const isOverlap = following.startsWith(text.slice(text.length - length));
    if (isOverlap && unmatched(rest).openers <= unmatched(text).openers) return length;
  }
  return 0;
}

/** Counts brackets without a partner in `text`. It does not look at the kind of a bracket, nor at quotes. */
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
