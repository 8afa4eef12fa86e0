/** A document at one moment, as plain text around the cursor. Lines end in `\n` whatever the file has. */
export interface DocumentSnapshot {
  /** Tells one document from another. */
  readonly uri: string;
  /** The file's last folder and its name, with `/`; of a name that does not say the language, with an ending that does. */
  readonly path: string;
  /** VS Code's name for the language; empty where nobody knows it. */
  readonly languageId: string;
  /** The text before the cursor; of a large document only the end of it. */
  readonly prefix: string;
  /** Where in the document `prefix` begins, in characters. */
  readonly prefixOffset: number;
  /** The text after the cursor; of a large document only the beginning of it. */
  readonly suffix: string;
}

/** The cursor's line up to the cursor. */
export function linePrefix({ prefix }: Pick<DocumentSnapshot, 'prefix'>): string {
  return prefix.slice(prefix.lastIndexOf('\n') + 1);
}

/** The cursor's line from the cursor. */
export function lineSuffix({ suffix }: Pick<DocumentSnapshot, 'suffix'>): string {
  return suffix.slice(0, lineEnd(suffix));
}

/** What follows the cursor's line, with the line break that ends it. */
export function followingLines({ suffix }: Pick<DocumentSnapshot, 'suffix'>): string {
  return suffix.slice(lineEnd(suffix));
}

/** The last folder and the name of a path of either kind of slash: what a prompt says about a file. */
export function shortPath(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).slice(-2).join('/');
}

function lineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end === -1 ? text.length : end;
}
