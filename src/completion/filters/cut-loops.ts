import type { TextFilter } from './filter';

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
