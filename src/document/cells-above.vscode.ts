import { NotebookCellKind, type TextDocument, workspace } from 'vscode';

/**
 * The texts of the cells above a notebook's cell, lines ending in `\n`; none above any other document. Those of the same
 * language: text and other languages say little of what comes next.
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
