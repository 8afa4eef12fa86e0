/**
 * Which of several edits imports a name. An import is known by what it does, because the titles of code actions are
 * translated and differ from one language's extension to the next.
 */

/** A change of an edit. */
export interface ImportChange {
  /** The last line that it touches. */
  readonly lastLine: number;
  /** What it inserts. */
  readonly text: string;
  /** The whole lines that it touches, as they are. */
  readonly lines: string;
}

/** Words that begin an import, in the languages whose extensions offer to add one. */
const importWords = /\b(import|from|use|using|require|include|include_once|open|alias)\b|#include/;

/**
 * @param edits the changes of each edit
 * @param line where the name is used. An import stands above.
 * @returns the index of the only edit that imports the name; undefined if there is none, or several that differ
 */
export function findImport(
  edits: readonly (readonly ImportChange[])[],
  name: string,
  line: number,
): number | undefined {
  const found = edits.flatMap((changes, index) => (isImport(changes, name, line) ? [index] : []));
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  const spelled = JSON.stringify(edits[first]);
  return others.every(other => JSON.stringify(edits[other]) === spelled) ? first : undefined;
}

/** Either whole lines that import are added, or the name is added to a line that imports. */
function isImport(changes: readonly ImportChange[], name: string, line: number): boolean {
  return (
    changes.length > 0 &&
    changes.every(({ lastLine }) => lastLine < line) &&
    changes.some(({ text }) => hasWord(text, name)) &&
    changes.every(
      ({ text, lines }) => importWords.test(text) || importWords.test(lines) || text.trim() === '',
    )
  );
}

function hasWord(text: string, name: string): boolean {
  const at = text.indexOf(name);
  if (at === -1) return false;
  const isInWord = (character: string | undefined) =>
    character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
  return (!isInWord(text[at - 1]) && !isInWord(text[at + name.length])) || hasWord(text.slice(at + 1), name);
}
