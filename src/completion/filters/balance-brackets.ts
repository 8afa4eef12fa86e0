/**
 * Keeps the brackets of a document balanced. A suggestion is cut before it closes a bracket that the document closes. If
 * closing brackets follow on the cursor's line, the suggestion also gets the closing brackets that it lacks. If the
 * document is not balanced without the suggestion, or if only a part of it is known, the suggestion stays as it is.
 */
import { type DocumentSnapshot, lineSuffix } from '../../document/document-snapshot';
import type { Insertion } from './filter';
import { fitLineSuffix } from './fit-line-suffix';

/** @returns undefined if nothing is left to insert */
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
