/** How much of a suggestion is wanted at a place. */
import {
  type DocumentSnapshot,
  followingLines,
  linePrefix,
  lineSuffix,
} from '../../document/document-snapshot';
import { indentationOf } from '../../document/words';

/** How far a suggestion goes: to the end of the line, or to the end of the indented block. */
export type Scope = 'line' | 'block';

export function decideScope(document: DocumentSnapshot): Scope {
  return opensEmptyBlock(document) ? 'block' : 'line';
}

/** The cursor is alone on a line, the line above opens a block (`{`, `:`, …), and the block is still empty. */
function opensEmptyBlock(document: DocumentSnapshot): boolean {
  const before = linePrefix(document);
  if (before.trim() !== '' || lineSuffix(document).trim() !== '') return false;
  const opener = lastNonBlankLine(document.prefix);
  if (opener === undefined || !/([{[(:]|=>|\b(then|do|else|try|begin))\s*$/.test(opener)) return false;
  if (indentationOf(before) <= indentationOf(opener)) return false;
  const next = followingLines(document)
    .split('\n')
    .find(line => line.trim() !== '');
  return next === undefined || indentationOf(next) < indentationOf(before);
}

function lastNonBlankLine(text: string): string | undefined {
  return text
    .split('\n')
    .reverse()
    .find(line => line.trim() !== '');
}
