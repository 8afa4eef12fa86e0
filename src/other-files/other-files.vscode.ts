/**
 * Collects the other files of a document: files that were edited or looked at lately, files that the document imports,
 * and files in tabs. They must be in the folders of a trusted workspace. Ignored files and files that may hold secrets
 * are left out.
 *
 * Files are collected in the background. A keystroke gets the files that are known, and a later keystroke the new ones.
 */
import { type Disposable, Range, TabInputText, type TextDocument, type Uri, window, workspace } from 'vscode';
import { cellsAbove, fileOf } from '../document/document.vscode';
import { pathInLanguage } from '../document/languages';
import type { IgnoreFiles } from '../privacy/ignore-files.vscode';
import { isSecret } from '../privacy/is-secret';
import { createFileTexts, openDocument } from './file-texts.vscode';
import { importedPaths } from './imported-paths';
import { collectInBackground, type OtherFile } from './other-file';

export interface OtherFiles extends Disposable {
  /** @returns the most recent file first; undefined during the first collection */
  of(document: TextDocument): readonly OtherFile[] | undefined;
}

/** The largest number of files of each kind, and of all together. */
const maxFiles = { recent: 8, imported: 8, all: 16 };
/** Imports are searched in the first lines of a document. */
const importLines = 200;
/** Milliseconds between two collections. Other files change slowly, and a remote file system may be slow. */
const interval = 2000;

export function watchOtherFiles(ignoreFiles: Pick<IgnoreFiles, 'isIgnored' | 'onDidChange'>): OtherFiles {
  const texts = createFileTexts();
  const recent = watchRecentFiles();
  const collected = collectInBackground<readonly OtherFile[]>(interval, Date.now);
  const ignoreChanges = ignoreFiles.onDidChange(() => collected.forget());

  const isAllowed = async (uri: Uri): Promise<boolean> => {
    const file = fileOf(uri);
    if (isSecret(file.path, openDocument(uri.toString())?.languageId)) return false;
    if (file.scheme === 'untitled') return true;
    if (workspace.getWorkspaceFolder(file) === undefined) return false;
    // If an ignore file cannot be read, its rules are unknown, so the file is treated as ignored.
    return !(await ignoreFiles.isIgnored(file, 'context').catch(() => true));
  };

  const collect = async (document: TextDocument, key: string): Promise<readonly OtherFile[]> => {
    const uris = [...recent.uris(), ...(await importedUris(document)), ...tabUris()];
    const others = new Map(uris.map(uri => [uri.toString(), uri]));
    others.delete(key);
    const files = await Promise.all(
      [...others.values()]
        .slice(0, maxFiles.all)
        .map(async uri => ((await isAllowed(uri)) ? texts.read(uri) : undefined)),
    );
    return files.filter(file => file !== undefined);
  };

  return {
    of(document) {
      if (!workspace.isTrusted) return [];
      const key = document.uri.toString();
      return collected.of(key, () => collect(document, key));
    },
    dispose() {
      recent.dispose();
      ignoreChanges.dispose();
    },
  };
}

/** Remembers the files that were edited or looked at last, the most recent first. */
function watchRecentFiles(): Disposable & { uris(): readonly Uri[] } {
  let uris: readonly Uri[] = [];
  const touch = (uri: Uri) => {
    if (workspace.getWorkspaceFolder(uri) === undefined && uri.scheme !== 'untitled') return;
    const key = uri.toString();
    // One more than needed, because the document itself is among them.
    uris = [uri, ...uris.filter(other => other.toString() !== key)].slice(0, maxFiles.recent + 1);
  };
  const watchers = [
    workspace.onDidChangeTextDocument(({ document }) => touch(document.uri)),
    window.onDidChangeActiveTextEditor(editor => editor && touch(editor.document.uri)),
  ];
  return {
    uris: () => uris,
    dispose() {
      for (const watcher of watchers) watcher.dispose();
    },
  };
}

function tabUris(): readonly Uri[] {
  const inputs = window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return inputs.flatMap(input => (input instanceof TabInputText ? [input.uri] : []));
}

async function importedUris(document: TextDocument): Promise<readonly Uri[]> {
  const file = fileOf(document.uri);
  if (workspace.getWorkspaceFolder(file) === undefined) return [];
  const own = document.getText(new Range(0, 0, importLines, 0));
  const above = cellsAbove(document).join('\n').split('\n', importLines);
  const found = await Promise.all(
    importedPaths(pathInLanguage(file.path, document.languageId), [...above, own].join('\n'))
      .slice(0, maxFiles.imported)
      .map(paths => firstFile(paths.map(path => file.with({ path })))),
  );
  return found.filter(one => one !== undefined);
}

async function firstFile(uris: readonly Uri[]): Promise<Uri | undefined> {
  for (const uri of uris) {
    try {
      await workspace.fs.stat(uri);
      return uri;
    } catch {
      // Try the next path that the import may mean.
    }
  }
  return undefined;
}
