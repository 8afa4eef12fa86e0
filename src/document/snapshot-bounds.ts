/**
 * Which part of a document a snapshot takes, and which of the cells above a notebook's cell: some lines around the
 * cursor, and never more than a number of characters, because a single line may be longer than any window.
 */

export interface Place {
  readonly line: number;
  readonly character: number;
}

/** @param lengthOf characters of a line, without its line break. Only lengths are needed, so no text is copied. */
export type LineLength = (line: number) => number;

/**
 * The snapshot has at least this many lines before the cursor. Its first line moves in steps, because each move makes
 * the KV cache useless.
 */
const linesBefore = 2000;
const lineStep = 500;
const charactersBefore = 64_000;
const linesAfter = 500;
const charactersAfter = 16_000;
const charactersOfCells = 32_000;

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

/** @returns the end of the text that is taken; a line break is taken together with the start of the next line */
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

export interface JoinedCells {
  /** Ends in a blank line, unless it is empty. */
  readonly text: string;
  /** Characters of the cells that were left out before it. */
  readonly offset: number;
}

/**
 * The cells above a notebook's cell become text before it, because a cell uses what they define. Only the nearest cells
 * are taken, and only whole ones.
 * @param cells from the notebook's first to the nearest, lines ending in `\n`
 */
export function joinCells(cells: readonly string[]): JoinedCells {
  const texts = cells.filter(cell => cell.trim() !== '').map(cell => `${cell.trimEnd()}\n\n`);
  let first = texts.length;
  for (let room = charactersOfCells; first > 0; first--) {
    room -= texts[first - 1]!.length;
    if (room < 0) break;
  }
  return { text: texts.slice(first).join(''), offset: texts.slice(0, first).join('').length };
}
