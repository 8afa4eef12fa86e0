/**
 * The part of a document that goes into the prompt: whole lines around the cursor, within a number of tokens.
 *
 * Edges are sticky. A window that slid with every keystroke would change its first token every time, and the cache
 * would be worth nothing; so the edge stays where it is until the budget is full, and then moves a third of the window
 * at once. The suffix is kept, slightly stale, as long as its beginning is what follows the cursor's line; one that is
 * shorter than such a beginning must be all that follows, or `}` alone would be found at the end of any block.
 */
import { type DocumentSnapshot, followingLines } from '../document/document-snapshot';

export interface TextWindow {
  /** Where the prefix begins, in characters of the document. */
  readonly start: number;
  readonly prefix: string;
  readonly suffix: string;
}

export interface WindowBudget {
  /** Tokens of prefix and suffix together. */
  readonly tokens: number;
  /** Tokens of the suffix at most. */
  readonly suffixTokens: number;
}

/** What remains of the budget when an edge has moved. */
const shareAfterMove = 2 / 3;
/** A token is hardly ever longer than this on average (3.1 bytes measured on code), so more text cannot fit. */
const charactersPerToken = 5;
/** Characters by which a suffix is recognised. */
const suffixHead = 200;

/** @param count tokens of a text */
export function updateWindow(
  document: DocumentSnapshot,
  budget: WindowBudget,
  count: (text: string) => number,
  previous?: TextWindow,
): TextWindow {
  const suffix = updateSuffix(followingLines(document), budget.suffixTokens, count, previous?.suffix);
  const prefixTokens = budget.tokens - count(suffix);
  const start = prefixStart(document, prefixTokens, count, previous);
  return { start, prefix: document.prefix.slice(start - document.prefixOffset), suffix };
}

function updateSuffix(
  following: string,
  tokens: number,
  count: (text: string) => number,
  previous: string | undefined,
): string {
  const isRecognised =
    previous !== undefined &&
    previous !== '' &&
    (previous.length < suffixHead
      ? following === previous
      : following.startsWith(previous.slice(0, suffixHead)));
  if (isRecognised && count(previous) <= tokens) return previous;
  let text = cutEnd(following, tokens * charactersPerToken);
  for (let excess = count(text) - tokens; excess > 0; excess = count(text) - tokens)
    text = cutEnd(text, Math.floor((text.length * tokens) / (tokens + excess)));
  return text.trimEnd() === '' ? '' : text;
}

function prefixStart(
  { prefix, prefixOffset }: DocumentSnapshot,
  tokens: number,
  count: (text: string) => number,
  previous: TextWindow | undefined,
): number {
  const kept = previous && previousStart(prefix, prefixOffset, previous);
  const longest = tokens * charactersPerToken;
  let from = kept ?? lineStartAfter(prefix, prefix.length - longest);
  // A large paste is cut before it is counted: the time to count a single word grows with its length squared.
  if (prefix.length - from > longest)
    from = lineStartAfter(prefix, prefix.length - Math.floor(longest * shareAfterMove));
  if (count(prefix.slice(from)) <= tokens) return prefixOffset + from;
  const target = tokens * shareAfterMove;
  for (let found = count(prefix.slice(from)); found > target; found = count(prefix.slice(from))) {
    const excess = Math.ceil((prefix.length - from) * (1 - target / found));
    from = lineStartAfter(prefix, from + excess);
  }
  return prefixOffset + from;
}

/** The old edge, if the text behind it is still the text of the old window: undefined after a jump or an edit above. */
function previousStart(prefix: string, prefixOffset: number, previous: TextWindow): number | undefined {
  const from = previous.start - prefixOffset;
  if (from < 0 || from > prefix.length) return undefined;
  const text = prefix.slice(from);
  const shared = sharedLength(text, previous.prefix);
  return shared * 2 >= previous.prefix.length ? from : undefined;
}

function sharedLength(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

/**
 * The first line start at or after `at`; `at` itself where a long line would leave less than a third of what is wanted.
 */
function lineStartAfter(text: string, at: number): number {
  if (at <= 0) return 0;
  const lineBreak = text.indexOf('\n', at - 1);
  if (lineBreak !== -1 && (text.length - lineBreak - 1) * 3 >= text.length - at) return lineBreak + 1;
  return isLowSurrogate(text, at) ? at + 1 : at;
}

/** Cuts `text` to at most `length` characters, at a line end if there is one. */
function cutEnd(text: string, length: number): string {
  if (text.length <= length) return text;
  const lineBreak = text.lastIndexOf('\n', length);
  if (lineBreak > 0) return text.slice(0, Math.min(lineBreak, length));
  return text.slice(0, isLowSurrogate(text, length) ? length - 1 : length);
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
