/** Reads other files. A file stays the same object until it changes. */
import { FileType, type TextDocument, type Uri, workspace } from 'vscode';
import { LruMap } from '../common/lru-map';
import { promptPath } from '../document/document.vscode';
import { shortPath, toLineFeeds } from '../document/document-snapshot';
import { type OtherFile, rememberByVersion } from './other-file';

export interface FileTexts {
  /**
   * Reads an open document from the editor, any other file from where it is stored.
   * @returns undefined if the file is missing, too long or not text
   */
  read(uri: Uri): Promise<OtherFile | undefined>;
}

interface StoredFile {
  /** Modification time and size. */
  readonly version: string;
  readonly file: OtherFile | undefined;
}

/** Longer files are data or generated code. They would also take long to cut and to compare. */
const maxCharacters = 64_000;
const maxStoredFiles = 64;

export function createFileTexts(): FileTexts {
  const storedFiles = new LruMap<string, StoredFile>(maxStoredFiles);

  const readOpen = rememberByVersion((document: TextDocument) =>
    createFile(document.uri, promptPath(document), document.getText()),
  );

  return {
    async read(uri) {
      const key = uri.toString();
      const open = openDocument(key);
      if (open !== undefined) return readOpen(open);
      const version = await storedVersion(uri);
      if (version === undefined) return undefined;
      const known = storedFiles.get(key);
      if (known?.version === version) return known.file;
      const text = await storedText(uri);
      const file = text === undefined ? undefined : createFile(uri, shortPath(uri.path), text);
      storedFiles.set(key, { version, file });
      return file;
    },
  };
}

function createFile(uri: Uri, path: string, text: string): OtherFile | undefined {
  if (text.length > maxCharacters) return undefined;
  return { uri: uri.toString(), path, text: toLineFeeds(text) };
}

/** @param key the document's address */
export function openDocument(key: string): TextDocument | undefined {
  return workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.toString() === key);
}

/** @returns undefined for a folder, a link, a missing file, and a file that is too long to read at all */
async function storedVersion(uri: Uri): Promise<string | undefined> {
  try {
    const { type, size, mtime } = await workspace.fs.stat(uri);
    const isPlainFile = (type & FileType.File) !== 0 && (type & FileType.SymbolicLink) === 0;
    return isPlainFile && size <= maxCharacters * 4 ? `${mtime} ${size}` : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined if the file is not UTF-8 text, or was removed meanwhile */
async function storedText(uri: Uri): Promise<string | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await workspace.fs.readFile(uri));
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
