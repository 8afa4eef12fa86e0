/**
 * Which part of a document a snapshot takes: some lines around the cursor, and never more than so many characters,
 * because a single line may be longer than any window. Looks at the lengths of lines only, so nothing is copied yet.
 */

export interface Place {
  readonly line: number;
  readonly character: number;
}

/** @param lengthOf characters of a line, without its line break */
export type LineLength = (line: number) => number;

/** Lines before the cursor at least, and the step by which the first of them moves: a moving edge costs the cache. */
const linesBefore = 2000;
const lineStep = 500;
const charactersBefore = 64_000;
const linesAfter = 500;
const charactersAfter = 16_000;

export function boundBefore(cursor: Place, lengthOf: LineLength): Place {
  const firstLine = Math.max(0, Math.floor((cursor.line - linesBefore) / lineStep) * lineStep);
  let { line, character } = cursor;
  for (let room = charactersBefore - character; room >= 0; room -= character) {
    if (line === firstLine) return { line, character: 0 };
    line--;
    character = lengthOf(line) + 1;
    if (character > room) return { line, character: character - room };
  }
  return { line, character: character - charactersBefore };
}

/** @returns the last character that is taken; a line break is taken with the beginning of the line after it */
export function boundAfter(cursor: Place, lineCount: number, lengthOf: LineLength): Place {
  const lastLine = Math.min(lineCount - 1, cursor.line + linesAfter);
  let room = charactersAfter;
  for (let { line, character } = cursor; ; line++, character = 0) {
    const length = lengthOf(line) - character;
    if (length >= room) return { line, character: character + room };
    if (line === lastLine) return { line, character: lengthOf(line) };
    room -= length + 1;
  }
}
