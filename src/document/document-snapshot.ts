/** A document at one moment, as plain text around the cursor. Lines always end in `\n`. */
export interface DocumentSnapshot {
  /** Tells one document from another. */
  readonly uri: string;
  /** The last folder and the file's name, with `/`. If the name has no ending for the language, one is added. */
  readonly path: string;
  /** VS Code's id of the language; empty if it is not known. */
  readonly languageId: string;
  /** The text before the cursor; in a large document only the last part of it. */
  readonly prefix: string;
  /** The place in the document where `prefix` begins, in characters. */
  readonly prefixOffset: number;
  /** The text after the cursor; in a large document only the first part of it. */
  readonly suffix: string;
}

/** The part of the cursor's line before the cursor. */
export function linePrefix({ prefix }: Pick<DocumentSnapshot, 'prefix'>): string {
  return prefix.slice(prefix.lastIndexOf('\n') + 1);
}

/** The part of the cursor's line after the cursor. */
export function lineSuffix({ suffix }: Pick<DocumentSnapshot, 'suffix'>): string {
  return suffix.slice(0, lineEnd(suffix));
}

/** The text after the cursor's line, beginning with the line break that ends the line. */
export function followingLines({ suffix }: Pick<DocumentSnapshot, 'suffix'>): string {
  return suffix.slice(lineEnd(suffix));
}

/** @returns the last folder and the name of a path with `/` or `\`, as the prompt shows a file */
export function shortPath(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).slice(-2).join('/');
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end === -1 ? text.length : end;
}
