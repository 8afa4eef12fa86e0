/** The texts of files as plain data, the same object as long as a file has not changed. */
import { FileType, type TextDocument, type Uri, workspace } from 'vscode';
import { shortPath } from '../context/document-snapshot';
import type { OtherFile } from '../context/other-file';

export interface FileTexts {
  /** Of an open document as it is in the editor; else as it is stored. Undefined for what is not there or too long. */
  read(uri: Uri): Promise<OtherFile | undefined>;
}

interface Known {
  /** Of the text: a document's version, or when the file was written. */
  readonly version: string;
  readonly file: OtherFile | undefined;
}

/** Longer files are data, or generated; and all of it would have to be cut and compared. */
const mostCharacters = 64_000;
const mostKnown = 64;

export function createFileTexts(): FileTexts {
  const texts = new Map<string, Known>();

  const remember = (key: string, known: Known): Known => {
    texts.delete(key);
    texts.set(key, known);
    if (texts.size > mostKnown) texts.delete(texts.keys().next().value!);
    return known;
  };

  return {
    async read(uri) {
      const key = uri.toString();
      const open = openDocument(key);
      const version = open === undefined ? await storedVersion(uri) : `open ${open.version}`;
      if (version === undefined) return undefined;
      const known = texts.get(key);
      if (known?.version === version) return remember(key, known).file;
      const text = open === undefined ? await storedText(uri) : open.getText();
      const file =
        text === undefined || text.length > mostCharacters
          ? undefined
          : { path: shortPath(uri.path), text: text.replaceAll('\r\n', '\n') };
      return remember(key, { version, file }).file;
    },
  };
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
