/** The cells above a notebook's cell as text before it: what they define, this one uses. Whole cells, the nearest. */

export interface JoinedCells {
  /** Ends in a blank line, if it is not empty. */
  readonly text: string;
  /** Characters of the cells that were left out before it. */
  readonly offset: number;
}

/** More is never shown, and all of it would be copied at each keystroke. */
const mostCharacters = 32_000;

/** @param cells from the notebook's first to the nearest, lines ending in `\n` */
export function joinCells(cells: readonly string[]): JoinedCells {
  const texts = cells.filter(cell => cell.trim() !== '').map(cell => `${cell.trimEnd()}\n\n`);
  let first = texts.length;
  for (let room = mostCharacters; first > 0; first--) {
    room -= texts[first - 1]!.length;
    if (room < 0) break;
  }
  return { text: texts.slice(first).join(''), offset: texts.slice(0, first).join('').length };
}
