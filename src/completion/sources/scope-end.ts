/** Where a suggestion ends, found while its text still grows, so that the model stops as soon as it is enough. */
import { indentationOf } from '../../document/words';
import type { Scope } from '../when/trigger';

/**
 * @param text the suggestion so far
 * @param indentation columns before the cursor's place in its block
 * @returns where to cut `text`; undefined while the scope is still open
 */
export function findScopeEnd(text: string, scope: Scope, indentation: number): number | undefined {
  if (scope === 'line') {
    const end = text.indexOf('\n');
    return end === -1 ? undefined : end;
  }
  return findBlockEnd(text, indentation);
}

/** Before the first line that is indented less than the block; that line must hold a character to be judged by. */
function findBlockEnd(text: string, indentation: number): number | undefined {
  let lineBreak = text.indexOf('\n');
  while (lineBreak !== -1) {
    const next = text.indexOf('\n', lineBreak + 1);
    const line = text.slice(lineBreak + 1, next === -1 ? undefined : next);
    if (line.trim() !== '' && indentationOf(line) < indentation) return trimmedEnd(text, lineBreak);
    lineBreak = next;
  }
  return undefined;
}

/**
 * Cuts a text that stopped before its scope ended (out of tokens or time): whole lines of a block; a line as it is.
 */
export function cutUnfinished(text: string, scope: Scope): string {
  if (scope === 'line') return text;
  const lastBreak = text.lastIndexOf('\n');
  return lastBreak === -1 ? text : text.slice(0, trimmedEnd(text, lastBreak));
}

function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}
