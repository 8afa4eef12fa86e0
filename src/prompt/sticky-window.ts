/**
 * The part of a document that goes into the prompt: whole lines around the cursor, within a number of tokens.
 *
 * The edges are sticky. If the window moved at every keystroke, its first token would change every time, and the KV cache
 * could not be used. So the first line stays until the budget is full. Then the window gives up a third at once.
 *
 * The suffix is kept while its first characters follow the cursor, although the text further below may have changed. A
 * suffix shorter than that must be all the text that follows: `}` alone follows the cursor in any block.
 */
import { type DocumentSnapshot, followingLines, lineSuffix } from '../document/document-snapshot';
import { isOnlyClosers } from '../document/words';
import type { SuffixStart } from './prompt-layout';

export interface TextWindow {
  /** The place in the document where the prefix begins, in characters. */
  readonly start: number;
  readonly prefix: string;
  readonly suffix: string;
}

export interface WindowBounds {
  /** The maximum number of tokens of prefix and suffix together. */
  readonly tokens: number;
  /** The maximum number of tokens of the suffix. */
  readonly suffixTokens: number;
  /** Default: the line's end. */
  readonly suffixFrom?: SuffixStart | undefined;
}

/** The part of the budget that the window fills after its first line has moved. */
const shareAfterMove = 2 / 3;
/** Tokens are rarely longer than this on average (3.1 bytes, measured on code), so more text cannot fit. */
const maxCharactersPerToken = 5;
/** Characters by which we recognise a suffix. */
const suffixHead = 200;

/** @param count tokens of a text */
export function updateWindow(
  document: DocumentSnapshot,
  bounds: WindowBounds,
  count: (text: string) => number,
  previous?: TextWindow,
): TextWindow {
  const following = followingText(document, bounds);
  const suffix = updateSuffix(following, bounds.suffixTokens, count, previous?.suffix);
  const prefixTokens = bounds.tokens - count(suffix);
  const start = prefixStart(document, prefixTokens, count, previous);
  return { start, prefix: document.prefix.slice(start - document.prefixOffset), suffix };
}

/**
 * The text that the suffix shows the beginning of. What editors close by themselves comes and goes as the user types, and a
 * suffix that stands first in the prompt would each time cost the whole KV cache. Without it, the model writes the closers
 * itself, and they fall on those that are there (`completion/filters/rest-of-line.ts`).
 */
function followingText(document: DocumentSnapshot, { suffixFrom }: WindowBounds): string {
  const isFromCursor = suffixFrom === 'cursor' && !isOnlyClosers(lineSuffix(document));
  return isFromCursor ? document.suffix : followingLines(document);
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
  let text = cutEnd(following, tokens * maxCharactersPerToken);
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
  const maxLength = tokens * maxCharactersPerToken;
  let from = kept ?? lineStartAfter(prefix, prefix.length - maxLength);
  // Cut a large paste before counting its tokens: the time to count one word grows with the square of its length.
  if (prefix.length - from > maxLength)
    from = lineStartAfter(prefix, prefix.length - Math.floor(maxLength * shareAfterMove));
  if (count(prefix.slice(from)) <= tokens) return prefixOffset + from;
  const target = tokens * shareAfterMove;
  for (let found = count(prefix.slice(from)); found > target; found = count(prefix.slice(from))) {
    const excess = Math.ceil((prefix.length - from) * (1 - target / found));
    from = lineStartAfter(prefix, from + excess);
  }
  return prefixOffset + from;
}

/**
 * @returns where the old window begins in `prefix`; undefined if less than half of the old text is still there, as after a
 * jump or an edit above
 */
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
 * @returns the start of the first line at or after `at`; `at` itself if a long line would leave less than a third of the
 * text after `at`
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
