/** How much of a suggestion is wanted: where it begins as a line or a block, and where that line or block ends. */
import { type DocumentSnapshot, followingLines, linePrefix, lineSuffix } from '../document/document-snapshot';
import { indentationOf } from '../document/words';
import type { Scope } from './request';

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

/** @returns the end of the last line before one that is indented less than the block; blank lines do not count */
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
 * Cuts a text that ran out of tokens or time before its scope ended. A line stays as it is. A block loses its last line,
 * which is not complete, unless it is the only one.
 */
export function cutUnfinished(text: string, scope: Scope): string {
  if (scope === 'line') return text;
  const lastBreak = text.lastIndexOf('\n');
  return lastBreak === -1 ? text : text.slice(0, trimmedEnd(text, lastBreak));
}

function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}
