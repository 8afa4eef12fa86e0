/** From VS Code's document and position to a plain snapshot; of a large document only what lies around the cursor. */
import { EndOfLine, type Position, Range, type SelectedCompletionInfo, type TextDocument } from 'vscode';
import { type DocumentSnapshot, shortPath } from '../context/document-snapshot';

/** Lines before the cursor at least, and the step by which the first of them moves: a moving edge costs the cache. */
const linesBefore = 2000;
const lineStep = 500;
const linesAfter = 500;
/** A single line may be longer than any window. */
const charactersBefore = 64_000;
const charactersAfter = 16_000;

/**
 * @param selected the suggest widget's item, if one is selected: the snapshot is then of the document with it accepted
 */
export function takeSnapshot(
  document: TextDocument,
  position: Position,
  selected?: SelectedCompletionInfo,
): DocumentSnapshot {
  const firstLine = Math.max(0, Math.floor((position.line - linesBefore) / lineStep) * lineStep);
  const end = selected?.range.start ?? position;
  const before = toLineFeeds(document.getText(new Range(firstLine, 0, end.line, end.character)));
  const cut = Math.max(0, before.length - charactersBefore);
  const after = document.getText(new Range(position.line, position.character, position.line + linesAfter, 0));
  return {
    uri: document.uri.toString(),
    path: shortPath(document.uri.path),
    languageId: document.languageId,
    prefix: before.slice(cut) + (selected ? toLineFeeds(selected.text) : ''),
    prefixOffset: offsetOfLine(document, firstLine) + cut,
    suffix: toLineFeeds(after).slice(0, charactersAfter),
  };
}

/** Where a line begins, in characters of a document whose lines end in one character. */
function offsetOfLine(document: TextDocument, line: number): number {
  const offset = document.offsetAt(new Range(line, 0, line, 0).start);
  return document.eol === EndOfLine.CRLF ? offset - line : offset;
}

function toLineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
