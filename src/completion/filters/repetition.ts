/**
 * Cuts a suggestion before it repeats a line above or below the cursor, or itself. A line is a repeat only at the same
 * depth: `return None` may end two blocks. A line that closes a block is no repeat while a block is open.
 */
import { isClosingLine, openBlocks } from '../../document/block-words';
import {
  type DocumentSnapshot,
  followingLines,
  linePrefix,
  lineSuffix,
} from '../../document/document-snapshot';
import { endsInOpener, indentationOf, wholeCharacters } from '../../document/words';
import type { TextFilter } from './filter';

/**
 * Cuts before a line that is the same as the next line below the cursor. There the model has reached the suffix.
 *
 *     a = 1█          suggestion "\nb = 2\nc = 3" above an existing "b = 2"  ->  nothing
 */
export const cutRepeatedFollowingLines: TextFilter = (text, document) => {
  const below = followingLines(document)
    .split('\n')
    .find(line => line.trim() !== '');
  // A line that is only a closing bracket may come twice, at the ends of two blocks.
  if (below === undefined || !/\w/.test(below)) return text;
  const lines = text.split('\n');
  const repeated = linesInDocument(lines, document).findIndex((line, index) => {
    if (lines[index]!.trim() === '' || !isSameLine(line, below)) return false;
    return !isClosingLine(below, document.languageId) || !isBlockMissing(lines, index, document);
  });
  return repeated === -1 ? text : lines.slice(0, repeated).join('\n');
};

/** Whether a block stays open if the lines from `index` on are not inserted. */
function isBlockMissing(
  lines: readonly string[],
  index: number,
  { prefix, suffix, languageId }: DocumentSnapshot,
): boolean {
  return openBlocks(`${prefix}${lines.slice(0, index).join('\n')}${suffix}`, languageId) > 0;
}

/** Cuts before a line that repeats the line above it. Small models tend to loop. */
export const cutRepeatedLineAbove: TextFilter = (text, document) => {
  const { prefix, languageId } = document;
  const lines = text.split('\n');
  const above = prefix.slice(0, prefix.lastIndexOf('\n') + 1).split('\n');
  for (const [index, whole] of linesInDocument(lines, document).entries()) {
    const isRepeat =
      lines[index]!.trim() !== '' && /\w/.test(whole) && isSameLine(whole, lastNonBlank(above));
    const isCloser =
      isRepeat &&
      isClosingLine(whole, languageId) &&
      openBlocks(prefix + lines.slice(0, index).join('\n'), languageId) > 0;
    if (isRepeat && !isCloser && runAbove(above, whole) >= allowedRun(whole, index, document))
      return lines.slice(0, index).join('\n');
    above.push(whole);
  }
  return text;
};

/**
 * The lines of the suggestion as the document will have them: the first one continues the cursor's line, and the last one
 * is continued by the rest of it.
 */
function linesInDocument(lines: readonly string[], document: DocumentSnapshot): readonly string[] {
  const { prefix, languageId } = document;
  const rest = lineSuffix(document).trimEnd();
  let above = lastNonBlank(prefix.slice(0, prefix.lastIndexOf('\n') + 1).split('\n'));
  return lines.map((line, index) => {
    const begun = (index === 0 ? linePrefix(document) : '') + line;
    // The fit to the rest of the line comes later: the suggestion may say the rest already.
    const whole = index === lines.length - 1 && !begun.endsWith(rest) ? begun + rest : begun;
    if (line.trim() === '') return whole;
    above = atMeantDepth(whole, above, languageId);
    return above;
  });
}

function isSameLine(a: string, b: string | undefined): boolean {
  return b !== undefined && a.trim() === b.trim() && indentationOf(a) === indentationOf(b);
}

/**
 * A line of the suggestion at the depth that it means. Small models indent badly: a line that is deeper than the line above
 * it, though that line opens nothing, means the depth of the line above.
 */
function atMeantDepth(line: string, above: string | undefined, languageId: string): string {
  const isDeeper = above !== undefined && indentationOf(line) > indentationOf(above);
  if (!isDeeper || opensBlock(above, languageId)) return line;
  return /^[ \t]*/.exec(above)![0] + line.trimStart();
}

/** Whether the next line may be deeper: after what opens a block, or in the middle of an expression. */
function opensBlock(line: string, languageId: string): boolean {
  const isOpen = endsInOpener(line) || /[,=|&+\-*/\\.>]\s*$|\b(?:then|do|else|try|begin)\s*$/.test(line);
  return isOpen || openBlocks(line, languageId) > 0;
}

function lastNonBlank(lines: readonly string[]): string | undefined {
  return lines.findLast(line => line.trim() !== '');
}

/** How often the line stands above in a row. Blank lines do not count. */
function runAbove(above: readonly string[], line: string): number {
  const said = above.filter(one => one.trim() !== '');
  const other = said.findLastIndex(one => !isSameLine(one, line));
  return said.length - 1 - other;
}

/** How often a line may come in a row: as often as in the document, and once more if the user has begun it. */
function allowedRun(line: string, index: number, document: DocumentSnapshot): number {
  const { prefix, suffix } = document;
  const lines = [...prefix.split('\n').slice(0, -1), ...suffix.split('\n').slice(1)];
  let longest = 0;
  let run = 0;
  for (const one of lines) {
    if (one.trim() === '') continue;
    run = isSameLine(one, line) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  if (longest < 2) return 1;
  const isBegun = index === 0 && linePrefix(document).trim() !== '';
  return isBegun ? longest + 1 : longest;
}

/**
 * Cuts a suggestion that repeats itself. A loop is the same text three times in a row within a line, or the same two to
 * four lines three times in a row, and more often than in the document. One line twice in a row is the task of
 * `cutRepeatedLineAbove`.
 */
export const cutLoops: TextFilter = (text, document) => {
  const lines = cutLoopInLine(text, document).split('\n');
  for (let start = 0; start < lines.length; start++)
    for (let length = 2; length <= maxLinesPerRound; length++)
      if (isLoop(lines, start, length)) return lines.slice(0, start + length).join('\n');
  return lines.join('\n');
};

/** A list of one word (`1fr 1fr 1fr 1fr`, `%s, %s, %s, `) may have as many items even if the document has no such list. */
const maxItems = 4;
/** If something else follows (`%s, %s)`), the model has ended the list by itself, so it is no endless loop. */
const maxEndedItems = 16;

/** A round has at least four characters, with at least one letter or `_`: `0, 0, 0` and `))))` may be code. */
function cutLoopInLine(text: string, document: DocumentSnapshot): string {
  for (const { 0: loop, 1: round = '', index } of text.matchAll(/(.{4,60}?)\1{2,}/g)) {
    if (!/[a-zA-Z_]/.test(round)) continue;
    const inDocument = longestRun(document.prefix, round);
    const isOneWord = new Set(round.match(/[\p{L}\p{N}_$%?]+/gu)).size === 1;
    const isEnded = !round.startsWith(text.slice(index + loop.length).trim());
    const asModel = isOneWord ? (isEnded ? maxEndedItems : maxItems) : 2;
    const allowed = inDocument > 1 ? inDocument : asModel;
    if (loop.length / round.length <= allowed) continue;
    // If the document has such a list, a longer one is a loop from its beginning.
    const end = index + (inDocument > 1 ? 0 : round.length);
    return text.slice(0, wholeCharacters(text, end));
  }
  return text;
}

/** How often `round` stands in a row in `text`, at most. */
function longestRun(text: string, round: string): number {
  let longest = 0;
  for (let at = text.indexOf(round); at !== -1; at = text.indexOf(round, at + 1)) {
    let run = 1;
    while (text.startsWith(round, at + run * round.length)) run++;
    longest = Math.max(longest, run);
    at += (run - 1) * round.length;
  }
  return longest;
}

const maxLinesPerRound = 4;

/** Whether `length` lines from `start` on come three times in a row, and are not only signs. */
function isLoop(lines: readonly string[], start: number, length: number): boolean {
  if (start + 3 * length > lines.length) return false;
  const round = lines.slice(start, start + length);
  if (!round.some(line => /\w/.test(line))) return false;
  return [1, 2].every(times => round.every((line, index) => lines[start + times * length + index] === line));
}
