/** From VS Code's document and position to a plain snapshot; of a large document only what lies around the cursor. */
import { EndOfLine, Position, Range, type SelectedCompletionInfo, type TextDocument } from 'vscode';
import { cellsAbove } from './cells-above.vscode';
import type { DocumentSnapshot } from './document-snapshot';
import { joinCells } from './join-cells';
import { promptPath } from './prompt-path.vscode';
import { boundAfter, boundBefore, type Place } from './snapshot-bounds';

/**
 * @param selected the suggest widget's item, if one is selected: the snapshot is then of the document with it accepted
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
  // A long line may have been cut between the halves of a surrogate pair.
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

/** In characters of a document whose lines end in one character. */
function offsetOf(document: TextDocument, place: Position): number {
  const offset = document.offsetAt(place);
  return document.eol === EndOfLine.CRLF ? offset - place.line : offset;
}

function toLineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
