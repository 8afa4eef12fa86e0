/** How tests write a document: plain text with `█` at the cursor. */

import type { Insertion } from '../src/completion/filters/filter';
import type { DocumentSnapshot } from '../src/document/document-snapshot';
import type { OtherFile } from '../src/other-files/other-file';

export type PlaceOptions = Partial<Pick<DocumentSnapshot, 'uri' | 'path' | 'languageId' | 'prefixOffset'>>;

/** The document that `text` describes. @throws Error unless it has exactly one cursor */
export function place(text: string, options: PlaceOptions = {}): DocumentSnapshot {
  const [prefix, suffix, ...more] = text.split('█');
  if (prefix === undefined || suffix === undefined || more.length > 0)
    throw new Error(`expected one █ in ${JSON.stringify(text)}`);
  return {
    uri: 'file:///project/src/sample.ts',
    path: 'src/sample.ts',
    languageId: 'typescript',
    prefixOffset: 0,
    prefix,
    suffix,
    ...options,
  };
}

/** A file beside the document. */
export function otherFile(path: string, text: string): OtherFile {
  return { uri: `file:///project/${path}`, path, text };
}

/** The document after the user accepted the suggestion, with the cursor after it. */
export function accept({ prefix, suffix }: DocumentSnapshot, { text, replaceAfter }: Insertion): string {
  return `${prefix}${text}█${suffix.slice(replaceAfter)}`;
}
