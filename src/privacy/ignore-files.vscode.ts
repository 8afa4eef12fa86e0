/** The ignore files of the open workspace folders. They are read on first use, and again when one of them changes. */
import {
  type Disposable,
  type Event,
  EventEmitter,
  FileSystemError,
  RelativePattern,
  Uri,
  type WorkspaceFolder,
  workspace,
} from 'vscode';
import { fileOf } from '../document/document.vscode';
import {
  createIgnoreRules,
  decodeText,
  type IgnoreRules,
  ignoreFileNames,
  type Purpose,
} from './ignore-rules';

export interface IgnoreFiles extends Disposable {
  /** @throws Error if an ignore file exists and cannot be read, because its rules are unknown then */
  isIgnored(document: Uri, purpose: Purpose): Promise<boolean>;
  /** Fires when the rules change: a file may be ignored now that was not ignored before. */
  readonly onDidChange: Event<void>;
}

export function watchIgnoreFiles(): IgnoreFiles {
  const rulesOf = new Map<string, IgnoreRules>();
  const watchers = new Map<string, Disposable>();
  const changed = new EventEmitter<void>();

  const watch = (folder: WorkspaceFolder, key: string) => {
    const pattern = new RelativePattern(folder, `**/{${ignoreFileNames.join(',')}}`);
    const watcher = workspace.createFileSystemWatcher(pattern);
    const forget = () => {
      rulesOf.delete(key);
      changed.fire();
    };
    watcher.onDidChange(forget);
    watcher.onDidCreate(forget);
    watcher.onDidDelete(forget);
    watchers.set(key, watcher);
  };

  const rules = (folder: WorkspaceFolder): IgnoreRules => {
    const key = folder.uri.toString();
    if (!watchers.has(key)) watch(folder, key);
    const known =
      rulesOf.get(key) ?? createIgnoreRules(path => readText(Uri.joinPath(folder.uri, ...path.split('/'))));
    rulesOf.set(key, known);
    return known;
  };

  return {
    async isIgnored(document, purpose) {
      const uri = fileOf(document);
      const folder = workspace.getWorkspaceFolder(uri);
      if (folder === undefined) return false;
      const path = uri.path.slice(folder.uri.path.length).replace(/^\/+/, '');
      return rules(folder).isIgnored(path, purpose);
    },
    onDidChange: changed.event,
    dispose() {
      for (const watcher of watchers.values()) watcher.dispose();
      changed.dispose();
    },
  };
}

const noFile: ReadonlySet<string> = new Set(['FileNotFound', 'FileIsADirectory']);

async function readText(file: Uri): Promise<string> {
  try {
    return decodeText(await workspace.fs.readFile(file));
  } catch (error) {
    const isNoFile = error instanceof FileSystemError && noFile.has(error.code);
    if (isNoFile) return '';
    throw new Error(`${file.fsPath}: cannot be read (${(error as Error).message})`);
  }
}
