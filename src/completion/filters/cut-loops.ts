import type { TextFilter } from './filter';

/**
 * Cuts a suggestion that goes round in circles, after the first round: some words thrice in a row within a line, or two
 * to four lines thrice in a row. One line twice in a row is `cutRepeatedLineAbove`'s.
 */
export const cutLoops: TextFilter = text => {
  const lines = cutLoopInLine(text).split('\n');
  for (let start = 0; start < lines.length; start++)
    for (let length = 2; length <= longestRound; length++)
      if (isLoop(lines, start, length)) return lines.slice(0, start + length).join('\n');
  return lines.join('\n');
};

/** A round has at least four characters, and a letter among them: `0, 0, 0` and `))))` are code. */
function cutLoopInLine(text: string): string {
  for (const { 1: round = '', index } of text.matchAll(/(.{4,60}?)\1\1/g))
    if (/[a-zA-Z_]/.test(round)) return text.slice(0, index + round.length);
  return text;
}

const longestRound = 4;

/** @returns whether `length` lines from `start` on come three times, and say something */
function isLoop(lines: readonly string[], start: number, length: number): boolean {
  if (start + 3 * length > lines.length) return false;
  const round = lines.slice(start, start + length);
  if (!round.some(line => /\w/.test(line))) return false;
  return [1, 2].every(times => round.every((line, index) => lines[start + times * length + index] === line));
}
