import type { TextDocument } from 'vscode';
import { shortPath } from './document-snapshot';
import { pathInLanguage } from './path-in-language';

/** What the model is told of a document's name. A file's is its own; a cell's or an untitled document's says the language. */
export function promptPath({ uri, languageId }: Pick<TextDocument, 'uri' | 'languageId'>): string {
  const path = shortPath(uri.path);
  const isFile = uri.scheme !== 'vscode-notebook-cell' && uri.scheme !== 'untitled';
  return isFile ? path : pathInLanguage(path, languageId);
}
