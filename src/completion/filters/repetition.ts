/** Cuts a suggestion before it repeats a line above or below the cursor, or itself. */
import { followingLines, linePrefix } from '../../document/document-snapshot';
import type { TextFilter } from './filter';

/**
 * Cuts before a line that is the same as the next line below the cursor. There the model has reached the suffix.
 *
 *     a = 1█          suggestion "\nb = 2\nc = 3" above an existing "b = 2"  ->  nothing
 */
export const cutRepeatedFollowingLines: TextFilter = (text, document) => {
  const below = followingLines(document)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  const first = below[0];
  // A line that is only a closing bracket may come twice, at the ends of two blocks.
  if (first === undefined || !/\w/.test(first)) return text;
  const lines = text.split('\n');
  const start = linePrefix(document);
  const repeated = lines.findIndex(
    (line, index) => line.trim() !== '' && (index === 0 ? start + line : line).trim() === first,
  );
  return repeated === -1 ? text : lines.slice(0, repeated).join('\n');
};

/** Cuts before a line that repeats the line above it. Small models tend to loop. */
export const cutRepeatedLineAbove: TextFilter = (text, document) => {
  const lines = text.split('\n');
  let above = lastNonBlank(document.prefix.slice(0, document.prefix.lastIndexOf('\n') + 1).split('\n'));
  const start = document.prefix.slice(document.prefix.lastIndexOf('\n') + 1);
  for (const [index, line] of lines.entries()) {
    const whole = (index === 0 ? start + line : line).trim();
    if (line.trim() !== '' && /\w/.test(whole) && whole === above) return lines.slice(0, index).join('\n');
    if (whole !== '') above = whole;
  }
  return text;
};

function lastNonBlank(lines: readonly string[]): string | undefined {
  return lines
    .map(line => line.trim())
    .filter(line => line !== '')
    .at(-1);
}

/**
 * Cuts a suggestion that repeats itself, after the first round. A loop is the same text three times in a row within a
 * line, or the same two to four lines three times in a row. One line twice in a row is the task of
 * `cutRepeatedLineAbove`.
 */
export const cutLoops: TextFilter = text => {
  const lines = cutLoopInLine(text).split('\n');
  for (let start = 0; start < lines.length; start++)
    for (let length = 2; length <= maxLinesPerRound; length++)
      if (isLoop(lines, start, length)) return lines.slice(0, start + length).join('\n');
  return lines.join('\n');
};

/** A round has at least four characters, with at least one letter or `_`: `0, 0, 0` and `))))` may be code. */
function cutLoopInLine(text: string): string {
  for (const { 1: round = '', index } of text.matchAll(/(.{4,60}?)\1\1/g))
    if (/[a-zA-Z_]/.test(round)) return text.slice(0, index + round.length);
  return text;
}

const maxLinesPerRound = 4;

/** Whether `length` lines from `start` on come three times in a row, and are not only signs. */
function isLoop(lines: readonly string[], start: number, length: number): boolean {
  if (start + 3 * length > lines.length) return false;
  const round = lines.slice(start, start + length);
  if (!round.some(line => /\w/.test(line))) return false;
  return [1, 2].every(times => round.every((line, index) => lines[start + times * length + index] === line));
}
