/** The files that a replay types again: those of a folder, of JSONL files, or of the pinned corpus. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/command-line';
import { shortPath, toLineFeeds } from '../../src/document/document-snapshot';
import { languageOfPath } from '../../src/document/languages';
import type { OtherFile } from '../../src/other-files/other-file';
import { findNeighbours, ownSources } from './own-sources';

export interface SourceText {
  readonly path: string;
  /** VS Code's name for the language. */
  readonly languageId: string;
  /** Lines end in `\n`. */
  readonly text: string;
  /** `owner/name`, if the sample says it. */
  readonly repository?: string;
  /** Other files that the user would have open, or that the file imports. */
  readonly neighbours?: readonly OtherFile[];
}

/** Languages that are typed again. */
const measuredLanguages: ReadonlySet<string> = new Set(
  'typescript typescriptreact javascript javascriptreact python go rust java csharp php ruby c cpp kotlin'.split(
    ' ',
  ),
);

/**
 * The held-out repositories that constants are fitted on: Go, TypeScript with JavaScript, and Python. The others have the
 * last three languages too. `fit:sources` reads only these, and `bench:quality` reports no figure of them.
 */
const tuningRepositories = ['cli/cli', 'cornerstonejs/cornerstone3D', 'Rapptz/discord.py'];

/** The pinned files of this repository, each with its neighbours. */
export function ownTexts(root: string): SourceText[] {
  const sources = ownSources(root);
  const neighboursOf = findNeighbours(sources);
  return sources.flatMap(source => sourceText(source.path, source.text, neighboursOf(source)));
}

/** A text whose repository is not known is not for tuning. */
export function isForTuning({ repository }: SourceText): boolean {
  return repository !== undefined && tuningRepositories.includes(repository);
}

/**
 * @param paths folders of code, and JSONL files with a `{ path, text, neighbours? }` a line; a neighbour is a
 *   `{ path, text }` of the same repository
 * @throws UsageError that names the line or file that cannot be read
 */
export function readTexts(paths: readonly string[]): SourceText[] {
  return paths.flatMap(path => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) throw new UsageError(`${path}: no such folder or file`);
    const texts = found.isDirectory() ? readFolder(path) : readLines(path);
    if (texts.length === 0)
      throw new UsageError(`${path}: has no code in a language that this benchmark knows`);
    return texts;
  });
}

function readFolder(folder: string): SourceText[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .flatMap(name => {
      const path = join(folder, name);
      if (!statSync(path).isFile()) return [];
      if (name.endsWith('.jsonl')) return readLines(path);
      return languageOf(name) === undefined ? [] : sourceText(name, readFileSync(path, 'utf8'));
    });
}

function readLines(file: string): SourceText[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const where = `${file}:${index + 1}`;
      const record = parse(where, line);
      const { path, text } = readFile(where, record);
      const repository = typeof record.repo === 'string' ? { repository: record.repo } : {};
      const { neighbours = [] } = record;
      if (!Array.isArray(neighbours)) throw new UsageError(`${where}: neighbours: expected an array`);
      const others = neighbours.map((neighbour: unknown) => readFile(`${where}: neighbours`, neighbour));
      const open = others.map(other => ({
        uri: other.path,
        path: shortPath(other.path),
        text: toLineFeeds(other.text),
      }));
      return sourceText(path, text, open).map(source => ({ ...source, ...repository }));
    });
}

function parse(where: string, line: string): { readonly repo?: unknown; readonly neighbours?: unknown } {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    throw new UsageError(`${where}: is not JSON`);
  }
}

function readFile(where: string, value: unknown): Pick<OtherFile, 'path' | 'text'> {
  const { path, text }: { readonly path?: unknown; readonly text?: unknown } = value ?? {};
  if (typeof path !== 'string' || typeof text !== 'string')
    throw new UsageError(`${where}: expected a path and a text, both strings`);
  return { path, text };
}

/** @returns a list of one, or an empty one for a language that is not measured */
function sourceText(path: string, text: string, neighbours: readonly OtherFile[] = []): SourceText[] {
  const languageId = languageOf(path);
  return languageId === undefined ? [] : [{ path, languageId, text: toLineFeeds(text), neighbours }];
}

function languageOf(path: string): string | undefined {
  const languageId = languageOfPath(path);
  return measuredLanguages.has(languageId) ? languageId : undefined;
}
