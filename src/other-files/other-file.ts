/**
 * Other files and their pieces. A file is cut into pieces of whole lines, where a function, a class or a block seems to
 * begin. Only indentation decides, so nothing here knows a language.
 */
import { LruMap } from '../common/lru-map';

/** A file of the workspace beside the document. It is the same object until its text changes. Lines end in `\n`. */
export interface OtherFile {
  /** Tells one file from another: two files may have the same `path`. */
  readonly uri: string;
  /** The file's last folder and its name, with `/`, as the prompt shows them. */
  readonly path: string;
  readonly text: string;
}

/** Some whole lines of an other file. */
export interface Piece extends OtherFile {
  readonly identifiers: ReadonlySet<string>;
}

/** Lines of a piece. A function has about as many, and a small model has room for two pieces. */
const minLines = 8;
const maxLines = 24;
/** A longer piece has lines that are data or minified code. */
const maxCharacters = 4000;

/** Characters that are cut in one call, which takes about 4 ms: the user may be typing. No file is longer. */
const maxCharactersPerCall = 100_000;

/** Cuts each file once, and remembers its pieces as long as the file's object exists. */
export class FilePieces {
  private readonly known = new WeakMap<OtherFile, readonly Piece[]>();

  /** @returns the pieces of the files, in the files' order. Files that are too long for this call follow in later calls. */
  of(files: readonly OtherFile[]): readonly Piece[] {
    let room = maxCharactersPerCall;
    return files.flatMap(file => {
      const known = this.known.get(file);
      if (known !== undefined) return known;
      if (file.text.length > room) return [];
      room -= file.text.length;
      const pieces = cutFile(file);
      this.known.set(file, pieces);
      return pieces;
    });
  }
}

function cutFile({ uri, path, text: whole }: OtherFile): Piece[] {
  const lines = whole.split('\n');
  const pieces: Piece[] = [];
  for (let start = 0; start < lines.length; ) {
    const end = pieceEnd(lines, start);
    const text = lines.slice(start, end).join('\n');
    if (text.trim() !== '' && text.length <= maxCharacters)
      pieces.push({ uri, path, text, identifiers: identifiersOf(text) });
    start = end;
  }
  return pieces;
}

/** The next piece begins at the line with the least indentation. Among equals: after a blank line, then the last one. */
function pieceEnd(lines: readonly string[], start: number): number {
  if (lines.length - start <= maxLines) return lines.length;
  let end = start + maxLines;
  let lowest = Number.POSITIVE_INFINITY;
  for (let at = start + minLines; at <= start + maxLines; at++) {
    const cost = costOfCut(lines[at - 1]!, lines[at]!);
    if (cost > lowest) continue;
    lowest = cost;
    end = at;
  }
  return end;
}

/** A line that closes a block belongs to the lines above it, and so does a blank line. */
function costOfCut(above: string, below: string): number {
  if (/^\s*($|[)\]}]|end\b)/.test(below)) return Number.POSITIVE_INFINITY;
  const indentation = below.length - below.trimStart().length;
  return indentation * 2 + (above.trim() === '' ? 0 : 1);
}

/** @returns the text's identifiers of three characters or more (letters, digits, `_`, `$`), without common keywords */
export function identifiersOf(text: string): ReadonlySet<string> {
  // Every character beyond ASCII counts as a letter: Unicode's classes take several times as long.
  const identifiers = new Set(text.match(/[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]{2,}/g));
  for (const keyword of keywords) identifiers.delete(keyword);
  return identifiers;
}

/** Keywords of common languages. They do not show what a piece of code is about. */
const keywords: ReadonlySet<string> = new Set(
  (
    'abstract and any async await bool boolean break case catch chan char class const continue def default defer del ' +
    'elif else end enum except export extends false final finally float fmt for from func function global goto impl ' +
    'implements import include int interface lambda let map match mut namespace new nil None not null number object ' +
    'out override package private protected pub public raise range readonly return self static string struct super ' +
    'switch template this throw throws trait True False true try type typeof undefined union use using var virtual ' +
    'void where while with yield'
  ).split(' '),
);

/**
 * @returns a function that makes something of an open document only once for each version of it. It knows a document by
 * its object: one that was closed and opened again has the same address, and its versions begin at 1 again.
 */
export function rememberByVersion<Document extends { readonly version: number }, Made>(
  make: (document: Document) => Made,
): (document: Document) => Made {
  const known = new WeakMap<Document, { readonly version: number; readonly made: Made }>();
  return document => {
    const { version } = document;
    const last = known.get(document);
    if (last?.version === version) return last.made;
    const made = make(document);
    known.set(document, { version, made });
    return made;
  };
}

export interface Collected<Found> {
  /**
   * @param collect must not reject
   * @returns what was collected last for the document; undefined during its first collection
   */
  of(uri: string, collect: () => Promise<Found>): Found | undefined;
  /** Drops what is known, and what is being collected. */
  forget(): void;
}

/** Documents for which it is remembered. Users rarely work in more at once. */
const rememberedDocuments = 32;

/** @param interval milliseconds between two collections for a document */
export function collectInBackground<Found>(interval: number, now: () => number): Collected<Found> {
  const known = new LruMap<string, { readonly at: number; found: Found | undefined }>(rememberedDocuments);
  return {
    of(uri, collect) {
      const last = known.get(uri);
      if (last !== undefined && now() - last.at < interval) return last.found;
      const current = { at: now(), found: last?.found };
      known.set(uri, current);
      void collect().then(found => {
        current.found = found;
      });
      return current.found;
    },
    forget: () => known.clear(),
  };
}
