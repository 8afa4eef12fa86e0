/** The texts of files as plain data, the same object as long as a file has not changed. */
import { FileType, type TextDocument, type Uri, workspace } from 'vscode';
import { shortPath } from '../document/document-snapshot';
import { promptPath } from '../document/prompt-path.vscode';
import type { OtherFile } from './other-file';
import { rememberByVersion } from './remember-by-version';

export interface FileTexts {
  /** Of an open document as it is in the editor; else as it is stored. Undefined for what is not there or too long. */
  read(uri: Uri): Promise<OtherFile | undefined>;
}

interface Stored {
  /** When the file was written, and its length. */
  readonly version: string;
  readonly file: OtherFile | undefined;
}

/** Longer files are data, or generated; and all of it would have to be cut and compared. */
const mostCharacters = 64_000;
const mostStored = 64;

export function createFileTexts(): FileTexts {
  const stored = new Map<string, Stored>();

  const remember = (key: string, one: Stored): Stored => {
    stored.delete(key);
    stored.set(key, one);
    if (stored.size > mostStored) stored.delete(stored.keys().next().value!);
    return one;
  };

  const readOpen = rememberByVersion((document: TextDocument) =>
    fileWith(promptPath(document), document.getText()),
  );

  return {
    async read(uri) {
      const key = uri.toString();
      const open = openDocument(key);
      if (open !== undefined) return readOpen(open);
      const version = await storedVersion(uri);
      if (version === undefined) return undefined;
      const known = stored.get(key);
      if (known?.version === version) return remember(key, known).file;
      const text = await storedText(uri);
      const file = text === undefined ? undefined : fileWith(shortPath(uri.path), text);
      return remember(key, { version, file }).file;
    },
  };
}

function fileWith(path: string, text: string): OtherFile | undefined {
  return text.length > mostCharacters ? undefined : { path, text: text.replaceAll('\r\n', '\n') };
}

function openDocument(key: string): TextDocument | undefined {
  return workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.toString() === key);
}

/** Undefined for folders, what is not there, and what is too long to be read at all. */
async function storedVersion(uri: Uri): Promise<string | undefined> {
  try {
    const { type, size, mtime } = await workspace.fs.stat(uri);
    const isText = (type & FileType.File) !== 0 && (type & FileType.SymbolicLink) === 0;
    return isText && size <= mostCharacters * 4 ? `stored ${mtime} ${size}` : undefined;
  } catch {
    return undefined;
  }
}

async function storedText(uri: Uri): Promise<string | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await workspace.fs.readFile(uri));
    return text.includes('\0') ? undefined : text;
  } catch {
    // Not text, or gone meanwhile.
    return undefined;
  }
}
