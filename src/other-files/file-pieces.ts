/**
 * Cuts a file into the pieces that may be shown of it: some whole lines, from where a function, class or block begins
 * as far as indentation tells. Knows no language.
 */
import type { OtherFile } from './other-file';
import { wordSet } from './word-set';

export interface FileChunk {
  readonly path: string;
  readonly text: string;
  /** Its identifiers. */
  readonly words: ReadonlySet<string>;
}

/** Lines of a chunk: about as many as a function has, and as fit twice into the room of a small model. */
const leastLines = 8;
const mostLines = 24;
/** A longer chunk has lines that nobody wrote: data, or minified code. */
const mostCharacters = 4000;

/** Characters that are cut at once, about 4 ms, because somebody is typing meanwhile. No file is longer (editor). */
const mostAtOnce = 100_000;

/** Remembers the chunks of a file as long as somebody has the file: a changed file is another object. */
export class FileChunks {
  private readonly known = new WeakMap<OtherFile, readonly FileChunk[]>();

  /** @returns the chunks of all files in their order, but for those whose turn comes with a later call */
  of(files: readonly OtherFile[]): readonly FileChunk[] {
    let room = mostAtOnce;
    return files.flatMap(file => {
      const known = this.known.get(file);
      if (known !== undefined) return known;
      if (file.text.length > room) return [];
      room -= file.text.length;
      const chunks = cutFile(file);
      this.known.set(file, chunks);
      return chunks;
    });
  }
}

function cutFile({ path, text }: OtherFile): FileChunk[] {
  const lines = text.split('\n');
  const chunks: FileChunk[] = [];
  for (let start = 0; start < lines.length; ) {
    const end = chunkEnd(lines, start);
    const piece = lines.slice(start, end).join('\n');
    if (piece.trim() !== '' && piece.length <= mostCharacters)
      chunks.push({ path, text: piece, words: wordSet(piece) });
    start = end;
  }
  return chunks;
}

/** Before the line that is indented least, of those before which it may end; of two, after the longer gap or later. */
function chunkEnd(lines: readonly string[], start: number): number {
  if (lines.length - start <= mostLines) return lines.length;
  let end = start + mostLines;
  let least = Number.POSITIVE_INFINITY;
  for (let at = start + leastLines; at <= start + mostLines; at++) {
    const cost = costOfCut(lines[at - 1]!, lines[at]!);
    if (cost > least) continue;
    least = cost;
    end = at;
  }
  return end;
}

/** What closes a block belongs to the lines above it, and a blank line ends one. */
function costOfCut(above: string, below: string): number {
  if (/^\s*($|[)\]}]|end\b)/.test(below)) return Number.POSITIVE_INFINITY;
  const indentation = below.length - below.trimStart().length;
  return indentation * 2 + (above.trim() === '' ? 0 : 1);
}
