/**
 * Files of this repository as a corpus, pinned in `bench/fixtures/own-code`: TypeScript, JavaScript and Python under our
 * own licence, at hand wherever a benchmark runs, and the same after any change of the code.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotOf } from '../../src/cli/command-line';
import { type DocumentSnapshot, shortPath } from '../../src/document/document-snapshot';
import { importedPaths } from '../../src/other-files/imported-paths';
import type { OtherFile } from '../../src/other-files/other-file';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import type { Random } from '../../test/random';

export interface Source {
  /** As it was in the repository, for example `src/completion/complete.ts`. */
  readonly path: string;
  /** Lines end in `\n`. */
  readonly text: string;
}

const folder = 'bench/fixtures/own-code';
/** A user may have as many files in tabs. */
const maxNeighbours = 8;
/** Tokens of a file, at most: without a limit, one long file could be most of a text for perplexity. */
const tokensPerFile = 512;

/** @param root of this repository @returns the files in the order of their paths */
export function ownSources(root: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|mjs|py)$/.test(name))
    .map(name => ({
      path: name.replaceAll('\\', '/'),
      text: readFileSync(join(root, folder, name), 'utf8').replaceAll('\r\n', '\n'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The files that a user would have open beside one of `sources`: those that it imports, then others of its folder.
 * @returns for each source the same objects every time
 */
export function findNeighbours(sources: readonly Source[]): (source: Source) => readonly OtherFile[] {
  const files = new Map(sources.map(({ path, text }) => [path, { uri: path, path: shortPath(path), text }]));
  return ({ path, text }) => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const imported = importedPaths(`/${path}`, text).flatMap(
      paths => paths.map(one => one.slice(1)).find(one => files.has(one)) ?? [],
    );
    const beside = [...files.keys()].filter(other => other.startsWith(folder));
    const paths = new Set([...imported, ...beside].filter(other => other !== path));
    return [...paths].slice(0, maxNeighbours).map(other => files.get(other)!);
  };
}

/** @returns the beginnings of files from all over the corpus, each with the model's start mark, about `tokens` in all */
export function documentsOf(sources: readonly Source[], tokenizer: Tokenizer, tokens: number): number[][] {
  const start = tokenizer.startId === undefined ? [] : [tokenizer.startId];
  const documents: number[][] = [];
  const files = Math.ceil(tokens / tokensPerFile);
  let left = tokens;
  // Short files leave some tokens over. So the files come in turn, with a stride that visits each once.
  for (let i = 0; i < sources.length && left > 0; i++) {
    const at = Math.floor((i * sources.length) / files) + Math.floor(i / files);
    const { text } = sources[at % sources.length]!;
    const ids = [...start, ...tokenizer.encode(text)].slice(0, Math.min(tokensPerFile, left));
    if (ids.length > 1) documents.push(ids);
    left -= ids.length;
  }
  return documents;
}

/**
 * A document with the cursor at a random place in the last three quarters of a file.
 * @returns it, and the `characters` that the file has behind the cursor
 */
export function documentIn(
  { path, text }: Source,
  random: Random,
  characters: number,
): { readonly document: DocumentSnapshot; readonly next: string } {
  const first = Math.floor(text.length / 4);
  const at = first + random.below(Math.max(1, text.length - first - characters));
  const lineEnd = text.indexOf('\n', at + characters);
  const suffix = lineEnd === -1 ? '' : text.slice(lineEnd);
  return { document: snapshotOf(path, text.slice(0, at), suffix), next: text.slice(at, at + characters) };
}
