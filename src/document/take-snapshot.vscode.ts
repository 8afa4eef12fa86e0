/** Takes a plain snapshot of VS Code's document at a position. Of a large document it takes only the part around the cursor. */
import { EndOfLine, Position, Range, type SelectedCompletionInfo, type TextDocument } from 'vscode';
import type { DocumentSnapshot } from './document-snapshot';
import { cellsAbove, promptPath } from './file-of.vscode';
import { boundAfter, boundBefore, joinCells, type Place } from './snapshot-bounds';

/**
 * @param selected the selected item of the suggest widget, if there is one: the snapshot is taken as if it were accepted
 */
export function takeSnapshot(
  document: TextDocument,
  position: Position,
  selected?: SelectedCompletionInfo,
): DocumentSnapshot {
  const lengthOf = (line: number) => document.lineAt(line).text.length;
  const end = selected?.range.start ?? position;
  const start = toPosition(boundBefore(end, lengthOf));
  const last = toPosition(boundAfter(position, document.lineCount, lengthOf));
  const before = toLineFeeds(document.getText(new Range(start, end)));
  const after = toLineFeeds(document.getText(new Range(position, last)));
  // The bounds of a long line may split a surrogate pair.
  const half = /^[\udc00-\udfff]/.test(before) ? 1 : 0;
  const cells = joinCells(start.isEqual(new Position(0, 0)) ? cellsAbove(document) : []);
  return {
    uri: document.uri.toString(),
    path: promptPath(document),
    languageId: document.languageId,
    prefix: cells.text + before.slice(half) + (selected ? toLineFeeds(selected.text) : ''),
    prefixOffset: cells.offset + offsetOf(document, start) + half,
    suffix: after.replace(/[\ud800-\udbff]$/, ''),
  };
}

function toPosition({ line, character }: Place): Position {
  return new Position(line, character);
}

/** The offset in characters, where each line break counts as one. */
function offsetOf(document: TextDocument, place: Position): number {
  const offset = document.offsetAt(place);
  return document.eol === EndOfLine.CRLF ? offset - place.line : offset;
}

function toLineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
