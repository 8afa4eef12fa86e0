/**
 * The files that may be shown to the model beside a document: edited or looked at lately, imported by it, open in a
 * tab. Only of a trusted workspace's own folders, and none that ignore files or their names keep from it.
 *
 * No keystroke waits for them: what is asked for gets what is known, and what is new is known at a later keystroke.
 */
import { type Disposable, Range, TabInputText, type TextDocument, type Uri, window, workspace } from 'vscode';
import { cellsAbove, fileOf } from '../document/file-of.vscode';
import { pathInLanguage } from '../document/path-in-language';
import type { IgnoreFiles } from '../privacy/ignore-files.vscode';
import { isSecret } from '../privacy/is-secret';
import { collectInBackground } from './collect-in-background';
import { createFileTexts } from './file-texts.vscode';
import { importedPaths } from './imported-paths';
import type { OtherFile } from './other-file';

export interface OtherFiles extends Disposable {
  /** The most recent first; undefined while they are collected for the first time. */
  of(document: TextDocument): readonly OtherFile[] | undefined;
}

/** Of each kind, at most, and of all. */
const most = { recent: 8, imported: 8, all: 16 };
/** Imports stand at the beginning of a file. */
const importLines = 200;
/** Milliseconds between two collections: other files change slowly, and a file system may be far away. */
const interval = 2000;

export function watchOtherFiles(ignoreFiles: Pick<IgnoreFiles, 'isIgnored' | 'onDidChange'>): OtherFiles {
  const texts = createFileTexts();
  const recent = watchRecentFiles();
  const collected = collectInBackground<readonly OtherFile[]>(interval, Date.now);
  const ignoreChanges = ignoreFiles.onDidChange(() => collected.forget());

  const isAllowed = async (uri: Uri): Promise<boolean> => {
    const file = fileOf(uri);
    if (isSecret(file.path)) return false;
    if (file.scheme === 'untitled') return true;
    if (workspace.getWorkspaceFolder(file) === undefined) return false;
    // Where an ignore file cannot be read, nobody knows what it forbids.
    return !(await ignoreFiles.isIgnored(file, 'context').catch(() => true));
  };

  const collect = async (document: TextDocument, key: string): Promise<readonly OtherFile[]> => {
    const uris = [...recent.uris(), ...(await importedUris(document)), ...tabUris()];
    const others = new Map(uris.map(uri => [uri.toString(), uri]));
    others.delete(key);
    const files = await Promise.all(
      [...others.values()]
        .slice(0, most.all)
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

/** What was edited or looked at last, the latest first. */
function watchRecentFiles(): Disposable & { uris(): readonly Uri[] } {
  let uris: readonly Uri[] = [];
  const touch = (uri: Uri) => {
    if (workspace.getWorkspaceFolder(uri) === undefined && uri.scheme !== 'untitled') return;
    const key = uri.toString();
    // One more than are shown: the document itself is among them.
    uris = [uri, ...uris.filter(other => other.toString() !== key)].slice(0, most.recent + 1);
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
      .slice(0, most.imported)
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
      // The import may stand for the next.
    }
  }
  return undefined;
}
