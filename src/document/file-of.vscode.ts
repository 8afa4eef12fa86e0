import { type Uri, workspace } from 'vscode';

/**
 * The file that a document is a part of or will be saved as; else its own address. Workspace folders, ignore files and
 * imports go by it: a notebook's cells have addresses of their own, and so have new files that are not saved yet.
 */
export function fileOf(document: Uri): Uri {
  const isCell = document.scheme === 'vscode-notebook-cell';
  const notebook = isCell && workspace.notebookDocuments.find(({ uri }) => uri.path === document.path);
  const uri = notebook ? notebook.uri : document;
  if (uri.scheme !== 'untitled' || !uri.path.startsWith('/')) return uri;
  const inFolders = workspace.workspaceFolders?.map(folder => folder.uri.with({ path: uri.path })) ?? [];
  return inFolders.find(file => workspace.getWorkspaceFolder(file) !== undefined) ?? uri;
}
