/**
 * Fits a suggestion to the text right of the cursor, and keeps the brackets balanced. The model writes to the end of the
 * line, but the editor has often closed a bracket or a quote there already.
 */

import { type DocumentSnapshot, lineSuffix } from '../../document/document-snapshot';
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

/**
 * Keeps the brackets of a document balanced. A suggestion is cut before it closes a bracket that the document closes. If
 * closing brackets follow on the cursor's line, the suggestion also gets the closing brackets that it lacks. If the
 * document is not balanced without the suggestion, or if only a part of it is known, the suggestion stays as it is.
 * @returns undefined if nothing is left to insert
 */
export function balanceBrackets(insertion: Insertion, document: DocumentSnapshot): Insertion | undefined {
  const { text, replaceAfter } = insertion;
  const open = document.prefixOffset === 0 ? closersAfter(document.prefix, []) : undefined;
  const isBalanced = open !== undefined && closersAfter(document.suffix, open)?.length === 0;
  const needed = isBalanced && closersAfter(document.suffix.slice(0, replaceAfter), open);
  if (!needed) return insertion;

  const { extraAt, left } = compare(text, open, needed);
  if (extraAt !== undefined) {
    const kept = text.slice(0, extraAt).trimEnd();
    return kept === '' ? undefined : fitLineSuffix(kept, lineSuffix(document));
  }
  const rest = lineSuffix(document).slice(replaceAfter);
  const isBeforeClosers = !text.includes('\n') && /^\s*[)\]}]/.test(rest);
  return isBeforeClosers ? { text: text + left.toReversed().join(''), replaceAfter } : insertion;
}

const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** @returns the closing brackets that must follow `text`, the first to come last; undefined if `text` closes a wrong one */
function closersAfter(text: string, open: readonly string[]): string[] | undefined {
  const closers = [...open];
  for (const { bracket } of bracketsOf(text)) {
    const closer = closerOf[bracket];
    if (closer !== undefined) closers.push(closer);
    else if (closers.pop() !== bracket) return undefined;
  }
  return closers;
}

/**
 * @param open the closing brackets that must follow the cursor, the first to come last
 * @param needed those of them that the document has after the suggestion
 * @returns `extraAt`: where `text` begins to close one of `needed`. To close it and open it again in the same line is
 * allowed, as in `} else {`. `left`: the closing brackets that `text` lacks.
 */
function compare(
  text: string,
  open: readonly string[],
  needed: readonly string[],
): { readonly extraAt: number | undefined; readonly left: readonly string[] } {
  const closers = [...open];
  let extraAt: number | undefined;
  for (const { bracket, at } of bracketsOf(text)) {
    const closer = closerOf[bracket];
    if (closer !== undefined) {
      closers.push(closer);
      const isSameLine = extraAt !== undefined && !text.slice(extraAt, at).includes('\n');
      if (isSameLine && needed.every((one, index) => closers[index] === one)) extraAt = undefined;
    } else {
      const fits = closers.pop() === bracket;
      if (!fits) return { extraAt: extraAt ?? at, left: [] };
      if (closers.length < needed.length) extraAt ??= at;
    }
  }
  return { extraAt, left: closers.slice(needed.length) };
}

/** Brackets outside of quotes. A quote that is not closed on its line counts as an apostrophe. */
function* bracketsOf(text: string): Generator<{ readonly bracket: string; readonly at: number }> {
  for (const match of text.matchAll(/(["'`])(?:\\.|(?!\1)[^\\\n])*\1|[()[\]{}]/g))
    if (match[1] === undefined) yield { bracket: match[0], at: match.index };
}
