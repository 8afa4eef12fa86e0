/** From VS Code's documents to plain ones: the snapshot at a position, the file behind a document, a notebook's cells. */
import {
  EndOfLine,
  NotebookCellKind,
  Position,
  Range,
  type SelectedCompletionInfo,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from 'vscode';
import {
  boundAfter,
  boundBefore,
  type DocumentSnapshot,
  type EditorIndentation,
  joinCells,
  type Place,
  shortPath,
  toLineFeeds,
} from './document-snapshot';
import { pathInLanguage } from './languages';

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
    indentation: indentationIn(document),
  };
}

/** Undefined if no editor shows the document. */
function indentationIn(document: TextDocument): EditorIndentation | undefined {
  const options = window.visibleTextEditors.find(editor => editor.document === document)?.options;
  const { insertSpaces, tabSize } = options ?? {};
  if (typeof insertSpaces !== 'boolean' || typeof tabSize !== 'number') return undefined;
  return { insertSpaces, tabSize };
}

function toPosition({ line, character }: Place): Position {
  return new Position(line, character);
}

/** The offset in characters, where each line break counts as one. */
function offsetOf(document: TextDocument, place: Position): number {
  const offset = document.offsetAt(place);
  return document.eol === EndOfLine.CRLF ? offset - place.line : offset;
}

/**
 * @returns the file that the document belongs to: a cell's notebook, or the file that a new document will be saved as.
 * Workspace folders, ignore files and imports go by this file, because cells and unsaved documents have other addresses.
 */
export function fileOf(document: Uri): Uri {
  const isCell = document.scheme === 'vscode-notebook-cell';
  const notebook = isCell && workspace.notebookDocuments.find(({ uri }) => uri.path === document.path);
  const uri = notebook ? notebook.uri : document;
  if (uri.scheme !== 'untitled' || !uri.path.startsWith('/')) return uri;
  const inFolders = workspace.workspaceFolders?.map(folder => folder.uri.with({ path: uri.path })) ?? [];
  return inFolders.find(file => workspace.getWorkspaceFolder(file) !== undefined) ?? uri;
}

/** The document's path as a prompt shows it. A cell and an untitled document get the ending of their language. */
export function promptPath({ uri, languageId }: Pick<TextDocument, 'uri' | 'languageId'>): string {
  const path = shortPath(uri.path);
  const isFile = uri.scheme !== 'vscode-notebook-cell' && uri.scheme !== 'untitled';
  return isFile ? path : pathInLanguage(path, languageId);
}

/**
 * @returns the texts of the code cells above a notebook's cell, lines ending in `\n`; none for any other document. Cells
 * in another language are left out, because they say little about the next line.
 */
export function cellsAbove(document: TextDocument): readonly string[] {
  if (document.uri.scheme !== 'vscode-notebook-cell') return [];
  const isThis = (cell: { readonly document: TextDocument }) => cell.document === document;
  const notebook = workspace.notebookDocuments.find(one => one.getCells().some(isThis));
  if (notebook === undefined) return [];
  const cells = notebook.getCells();
  return cells
    .slice(0, cells.findIndex(isThis))
    .filter(cell => cell.kind === NotebookCellKind.Code && cell.document.languageId === document.languageId)
    .map(cell => toLineFeeds(cell.document.getText()));
}
