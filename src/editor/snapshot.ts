/** From VS Code's document and position to a plain snapshot; of a large document only what lies around the cursor. */
import {
  EndOfLine,
  NotebookCellKind,
  Position,
  Range,
  type SelectedCompletionInfo,
  type TextDocument,
  workspace,
} from 'vscode';
import { type DocumentSnapshot, shortPath } from '../context/document-snapshot';
import { type JoinedCells, joinCells } from '../context/join-cells';
import { boundAfter, boundBefore, type Place } from '../context/snapshot-bounds';

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
  const cells = start.isEqual(new Position(0, 0)) ? cellsAbove(document) : noCells;
  return {
    uri: document.uri.toString(),
    path: shortPath(document.uri.path),
    languageId: document.languageId,
    prefix: cells.text + before.slice(half) + (selected ? toLineFeeds(selected.text) : ''),
    prefixOffset: cells.offset + offsetOf(document, start) + half,
    suffix: after.replace(/[\ud800-\udbff]$/, ''),
  };
}

const noCells: JoinedCells = { text: '', offset: 0 };

/** Those of the same language: text and other languages say little of what comes next. */
function cellsAbove(document: TextDocument): JoinedCells {
  if (document.uri.scheme !== 'vscode-notebook-cell') return noCells;
  const isThis = (cell: { readonly document: TextDocument }) => cell.document === document;
  const notebook = workspace.notebookDocuments.find(one => one.getCells().some(isThis));
  if (notebook === undefined) return noCells;
  const cells = notebook.getCells();
  const above = cells
    .slice(0, cells.findIndex(isThis))
    .filter(cell => cell.kind === NotebookCellKind.Code && cell.document.languageId === document.languageId);
  return joinCells(above.map(cell => toLineFeeds(cell.document.getText())));
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
