/** What VS Code knows about a document besides its text: its file, the path for the prompt, its notebook's other cells. */
import { NotebookCellKind, type TextDocument, type Uri, workspace } from 'vscode';
import { shortPath } from './document-snapshot';
import { pathInLanguage } from './path-in-language';

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
    .map(cell => cell.document.getText().replaceAll('\r\n', '\n'));
}
