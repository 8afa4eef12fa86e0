/**
 * Fits a suggestion to the text right of the cursor: it stays inside the string, the tag or the fence that it began in, says
 * nothing twice, and keeps the brackets balanced. Brackets in strings and comments do not count.
 */
import { isSameState, leavesRegionAt, type Region, type Scan, scanCode } from '../../document/code-lexer';
import { type DocumentSnapshot, lineSuffix } from '../../document/document-snapshot';
import { isOnlyClosers, nextWord } from '../../document/words';
import type { Insertion, TextFilter } from './filter';

const scans = new WeakMap<DocumentSnapshot, Scan>();

/** The text before the cursor, scanned once for each snapshot. */
export function scanPrefix(document: DocumentSnapshot): Scan {
  const known = scans.get(document);
  if (known !== undefined) return known;
  const scan = scanCode(document.prefix, document.languageId);
  scans.set(document, scan);
  return scan;
}

/**
 * Cuts a suggestion before it leaves the string, comment, tag, script or fence in which the cursor is, if the document
 * closes that region right of the cursor. Without that, the closing quote would come twice.
 */
export const stayInRegion: TextFilter = (text, document) => {
  const { languageId, suffix } = document;
  const { state } = scanPrefix(document);
  const region = state.regions.at(-1);
  // A comment to the end of its line is closed by any line break, and code may follow.
  if (region === undefined || region.close === '\n') return text;
  const rest = mayHaveLines(region) ? suffix : lineSuffix(document);
  const closedAt = leavesRegionAt(rest, languageId, state);
  if (closedAt === undefined || !isClosedBy(rest, closedAt, region)) return text;
  const left = leavesRegionAt(text, languageId, state);
  const kept = left === undefined ? text : text.slice(0, left);
  // In a string a model may go on as if the string had ended: then it says what follows the closing quote.
  const after = rest.slice(closedAt + region.close.length);
  const said = kept.trim();
  return said.length >= minRepeated && after.trimStart().startsWith(said) ? undefined : kept;
};

/** Shorter texts may be equal by chance. */
const minRepeated = 4;

function mayHaveLines({ kind, close }: Region): boolean {
  if (kind === 'string') return close.length > 1 || close === '`';
  return kind === 'comment' || kind === 'embedded' || kind === 'fence';
}

/**
 * Whether the region of the cursor is what ends at `at`. Further below, the same sign may end another comment or string: one
 * that begins before it, or, where begin and end look alike, one of a pair.
 */
function isClosedBy(rest: string, at: number, { kind, close }: Region): boolean {
  if (kind === 'comment') return !rest.slice(0, at).includes('/*') && !rest.slice(0, at).includes('<!--');
  if (kind === 'embedded') return !rest.slice(0, at).includes(`<${close.slice(2, -1)}`);
  if (kind === 'fence' || rest.slice(0, at).includes('\n')) return rest.split(close).length % 2 === 0;
  return true;
}

/** @returns undefined if nothing is left to insert */
export function fitLineSuffix(text: string, document: DocumentSnapshot): Insertion | undefined {
  const rest = lineSuffix(document).trimEnd();
  const [line = '', ...more] = text.split('\n');
  if (rest === '') return { text, replaceAfter: 0 };
  if (more.length > 0) return takePlace(text, line, rest, document);
  const overlap = longestOverlap(line, rest, document);
  const fresh = line.slice(0, line.length - overlap);
  if (overlap === rest.length) return insert(fresh);
  const placed = takePlace(text, line, rest, document);
  if (placed !== undefined) return placed;
  return insert(isOnlyClosers(rest) ? fresh : standsBefore(fresh, rest, document));
}

/**
 * Replaces the rest of the line, as in `b);` before an existing `)`. VS Code shows that only if the replaced characters
 * occur in the suggestion, in the same order.
 */
function takePlace(
  text: string,
  line: string,
  rest: string,
  document: DocumentSnapshot,
): Insertion | undefined {
  const closesAsMuch = unmatched(line, document).closers >= unmatched(rest, document).closers;
  return closesAsMuch && isSubsequence(rest, line) ? { text, replaceAfter: rest.length } : undefined;
}

function insert(text: string): Insertion | undefined {
  return text.trim() === '' ? undefined : { text, replaceAfter: 0 };
}

/**
 * The longest beginning of `line` that can stand before `rest`, which goes on with the same expression: it closes no bracket
 * that it has not opened, ends in no string or comment, and does not end the statement.
 */
function standsBefore(line: string, rest: string, document: DocumentSnapshot): string {
  const { languageId } = document;
  const { state } = scanPrefix(document);
  let best = '';
  for (let end = 0; end < line.length; ) {
    end += nextWord(line, end).length;
    const scan = scanCode(line.slice(0, end), languageId, state);
    if (count(scan.brackets).closers > 0) break;
    const isEndOfStatement = line[end - 1] === ';' && count(scan.brackets).openers === 0;
    if (isEndOfStatement && isSameState(scan.state, state)) break;
    if (isSameState(scan.state, state)) best = line.slice(0, end);
  }
  return continues.test(rest) ? best.replace(/[\s,;]+$/, '') : best;
}

/** What goes on with the expression left of it. */
const continues = /^\s*(?:[.,?:=+*/%&|^<>!)\]}-]|(?:and|or|if|else|in|is|as|instanceof|of)\b)/;

/**
 * @returns the length of the longest end of `text` that `following` begins with. The bracket that closes `bar(` in `bar(a)`
 * does not count, because `text` needs it.
 */
function longestOverlap(text: string, following: string, document: DocumentSnapshot): number {
  const { openers } = unmatched(text, document);
  for (let length = Math.min(text.length, following.length); length > 0; length--) {
    const isOverlap = following.startsWith(text.slice(text.length - length));
    if (isOverlap && unmatched(text.slice(0, text.length - length), document).openers <= openers)
      return length;
  }
  return 0;
}

interface Unmatched {
  readonly openers: number;
  readonly closers: number;
}

/** Counts the brackets of a text at the cursor that have no partner in it. It does not look at the kind of a bracket. */
function unmatched(text: string, document: DocumentSnapshot): Unmatched {
  return count(scanCode(text, document.languageId, scanPrefix(document).state).brackets);
}

function count(brackets: Scan['brackets']): Unmatched {
  let openers = 0;
  let closers = 0;
  for (const { bracket } of brackets) {
    if (bracket in closerOf) openers++;
    else openers > 0 ? openers-- : closers++;
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
 * brackets around the cursor do not fit together, the suggestion stays as it is.
 * @returns undefined if nothing is left to insert
 */
export function balanceBrackets(insertion: Insertion, document: DocumentSnapshot): Insertion | undefined {
  const { text, replaceAfter } = insertion;
  const open = openBefore(document);
  const needed = open && closedAfter(open, replaceAfter, document);
  if (open === undefined || needed === undefined) return insertion;

  const { brackets } = scanCode(text, document.languageId, scanPrefix(document).state);
  // A bracket that is closed here may have been opened above the part of the document that is known.
  const unknown = document.prefixOffset > 0 && closesMore(brackets, open.length);
  const { extraAt, left } = unknown ? { left: [] } : compare(text, brackets, open, needed);
  if (extraAt !== undefined) {
    const kept = text.slice(0, extraAt).trimEnd();
    return kept === '' ? undefined : fitLineSuffix(kept, document);
  }
  const rest = lineSuffix(document).slice(replaceAfter);
  const isBeforeClosers = !text.includes('\n') && /^\s*[)\]}]/.test(rest);
  return isBeforeClosers ? { text: text + left.toReversed().join(''), replaceAfter } : insertion;
}

export const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * The closing brackets that must follow the cursor, as a stack: the next one is the last element.
 * @returns undefined if a bracket before the cursor does not fit. In a part of a document, brackets may belong to the text above.
 */
function openBefore(document: DocumentSnapshot): readonly string[] | undefined {
  const isWhole = document.prefixOffset === 0;
  const stack: string[] = [];
  for (const { bracket } of scanPrefix(document).brackets) {
    const closer = closerOf[bracket];
    if (closer !== undefined) stack.push(closer);
    else if (stack.at(-1) === bracket) stack.pop();
    else if (isWhole || stack.length > 0) return undefined;
  }
  return stack;
}

/**
 * Those of the open brackets that the text after the cursor closes. A bracket that the user has just opened may be missing
 * there.
 * @returns undefined if that text closes other brackets than the open ones
 */
function closedAfter(
  open: readonly string[],
  replaceAfter: number,
  document: DocumentSnapshot,
): readonly string[] | undefined {
  const { suffix, languageId, prefixOffset } = document;
  const opened: string[] = [];
  let left = open.length;
  let closed = 0;
  for (const { bracket, at } of scanCode(suffix, languageId, scanPrefix(document).state).brackets) {
    if (at < replaceAfter) continue;
    const closer = closerOf[bracket];
    if (closer !== undefined) opened.push(closer);
    else if (opened.length > 0) {
      if (opened.pop() !== bracket) return undefined;
    } else {
      const index = open.lastIndexOf(bracket, left - 1);
      // Closed is what was opened above the part of the document that is known.
      if (index === -1 || left === 0)
        return prefixOffset > 0 && left === 0 ? open.slice(0, closed) : undefined;
      // A bracket that is skipped after another was closed does not fit.
      if (closed > 0 && index !== left - 1) return undefined;
      if (closed === 0) closed = index + 1;
      left = index;
    }
  }
  // Outer brackets may be closed below the part of the document that is known.
  const isCut = suffix.length >= maxKnownSuffix;
  return left === 0 || isCut ? open.slice(0, closed) : closed === 0 ? [] : undefined;
}

/** Whether a text closes more brackets than are open. */
function closesMore(brackets: Scan['brackets'], open: number): boolean {
  let depth = open;
  for (const { bracket } of brackets) {
    depth += bracket in closerOf ? 1 : -1;
    if (depth < 0) return true;
  }
  return false;
}

/** A longer suffix may be a part of the document only (`document-snapshot.ts`). */
export const maxKnownSuffix = 15_000;

/**
 * @param open the closing brackets that must follow the cursor, as a stack
 * @param needed those of them that the document has after the suggestion
 * @returns `extraAt`: the first bracket in `text` that closes one of `needed`. To close it and open it again in the same
 * line is allowed, as in `} else {`. `left`: the closing brackets for what `text` opens and does not close.
 */
function compare(
  text: string,
  brackets: Scan['brackets'],
  open: readonly string[],
  needed: readonly string[],
): { readonly extraAt: number | undefined; readonly left: readonly string[] } {
  const closers = [...open];
  let lowest = open.length;
  let extraAt: number | undefined;
  for (const { bracket, at } of brackets) {
    const closer = closerOf[bracket];
    if (closer !== undefined) {
      closers.push(closer);
      const isSameLine = extraAt !== undefined && !text.slice(extraAt, at).includes('\n');
      if (isSameLine && needed.every((one, index) => closers[index] === one)) extraAt = undefined;
    } else {
      const fits = closers.pop() === bracket;
      if (!fits) return { extraAt: extraAt ?? at, left: [] };
      lowest = Math.min(lowest, closers.length);
      if (closers.length < needed.length) extraAt ??= at;
    }
  }
  return { extraAt, left: closers.slice(lowest) };
}
