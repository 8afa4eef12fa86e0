/**
 * Fits a suggestion to the text right of the cursor: it stays inside the string, the tag or the fence that it began in, says
 * nothing twice, and can stand before the rest of the line. Brackets in strings and comments do not count.
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
  const kept = beforeSameSign(best, rest, document);
  return continues.test(rest) ? kept.replace(/[\s,;]+$/, '') : kept;
}

/** What hardly ever comes twice in an expression, outside of brackets. */
const onlyOnce =
  /^[ \t]*(=>|->|:(?!:)|=(?![=>])|>(?![=>])|(?:from|of|in|as|if|for|where|then|else|into|values|set)\b)/i;
/** A part of a longer sign. */
const endsInSign = /[=!<>+\-*/%&|^:]$/;

/**
 * The beginning of `text` before the sign or word that `rest` begins with: `a : b` cannot stand before ` : c`. A model that
 * does not see the rest of the line writes the whole line.
 * @param text closes the brackets that it opens
 */
function beforeSameSign(text: string, rest: string, document: DocumentSnapshot): string {
  const { state } = scanPrefix(document);
  const scanTo = (end: number) => scanCode(text.slice(0, end), document.languageId, state);
  // Arguments follow a name, and hardly ever other arguments.
  if (/^[ \t]*\(/.test(rest) && text.endsWith(')')) return text.slice(0, lastGroupAt(scanTo(text.length)));
  const sign = signAt(rest, 0);
  if (sign === undefined) return text;
  let partners = 0;
  for (let at = 0; at < text.length; at += nextWord(text, at).length) {
    const isPartner = /^\s*[?<]/.test(text.slice(at));
    if (!isPartner && signAt(text, at) !== sign) continue;
    const scan = scanTo(at);
    if (count(scan.brackets).openers > 0 || !isSameState(scan.state, state)) continue;
    if (isPartner) partners += sign === ':' || sign === '>' ? 1 : 0;
    else if (partners-- === 0) return text.slice(0, at);
  }
  return text;
}

function signAt(text: string, at: number): string | undefined {
  if (!/[ \t]/.test(text.charAt(at)) && endsInSign.test(text.slice(0, at))) return undefined;
  return onlyOnce.exec(text.slice(at))?.[1]?.toLowerCase();
}

/** Where the last brackets begin that are in no others. */
function lastGroupAt({ brackets }: Scan): number {
  let depth = 0;
  let at = 0;
  for (const one of brackets) {
    if (depth === 0) at = one.at;
    depth += one.bracket in closerOf ? 1 : -1;
  }
  return at;
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
    const kept = text.slice(0, text.length - length);
    const isOverlap = following.startsWith(text.slice(kept.length));
    if (isOverlap && unmatched(kept, document).openers <= openers && !needsAngle(kept, following))
      return length;
  }
  return 0;
}

/** Whether the text needs the `>` for its own type arguments, as in `Set<number` before `>`. */
function needsAngle(text: string, following: string): boolean {
  const opened = text.match(/\w</g)?.length ?? 0;
  return following.startsWith('>') && opened > (text.match(/(?<![=-])>/g)?.length ?? 0);
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

export const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** A longer suffix may be a part of the document only (`document-snapshot.ts`). */
export const maxKnownSuffix = 15_000;
