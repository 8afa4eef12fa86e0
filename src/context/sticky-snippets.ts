/**
 * Which pieces of other files are shown beside a document: those whose identifiers are most like those around the
 * cursor, each once, within a number of tokens.
 *
 * They stand at the front of the prompt, so another choice costs the whole cache. It is sticky therefore: nothing
 * changes while the cursor stays in its line, and afterwards only if another choice is clearly better. What is kept
 * stays in front of what is new.
 */
import type { DocumentSnapshot } from './document-snapshot';
import type { FileChunk } from './file-chunks';
import { isSecret } from './is-secret';
import type { OtherFile } from './other-file';
import { jaccard, wordSet } from './word-set';

export interface Snippets {
  readonly chunks: readonly FileChunk[];
  /** Of the document, in characters: where the line began that they were chosen for. */
  readonly lineStart: number;
  /** The budget that they were chosen within. */
  readonly tokens: number;
}

export interface SnippetBudget {
  readonly tokens: number;
  /** Tokens of a text. */
  readonly count: (text: string) => number;
}

/** Another choice must be alike by this factor more than the one that the cache holds. */
const clearlyBetter = 1.5;
/** Less alike is by chance: most pairs of chunks of one repository are below it. */
const leastSimilarity = 0.1;
/** As many as the training's windows have at most (`train/sotto_train/documents.py`), and as small a part at least. */
const mostChunks = 4;
const leastTokens = 32;
/** Marks and line breaks around a path and a text, at most. */
const frameTokens = 4;
/** Lines around the cursor that say what is looked for; in characters, because a line may be long. */
const near = { before: 1600, after: 400 };
/** What of the document counts as seen by the model anyway, in characters: about 2,500 tokens. */
const shown = { before: 6000, after: 2000 };
/** A chunk that has more than this of its lines in common with what is shown already says too little that is new. */
const mostRepeated = 0.5;
/** Shorter lines are brackets: equal everywhere. */
const leastLine = 4;

/**
 * @param files the most recent first, which decides between equals; secrets among them are left out here too
 * @param chunksOf the files' pieces, in the order of the files
 */
export function updateSnippets(
  document: DocumentSnapshot,
  files: readonly OtherFile[],
  budget: SnippetBudget,
  chunksOf: (files: readonly OtherFile[]) => readonly FileChunk[],
  previous?: Snippets,
): Snippets {
  const { prefix, suffix, prefixOffset } = document;
  const { tokens } = budget;
  const lineStart = prefixOffset + prefix.lastIndexOf('\n');
  const allowed = files.filter(({ path }) => !isSecret(path));
  const before = previous?.tokens === tokens ? previous : undefined;
  const kept = before === undefined ? [] : keepAllowed(before.chunks, allowed);
  if (before?.lineStart === lineStart && before.chunks.length === kept.length) return before;

  const query = wordSet(prefix.slice(-near.before) + suffix.slice(0, near.after));
  const likeness = (chunks: readonly FileChunk[]) =>
    chunks.reduce((sum, { words }) => sum + jaccard(words, query), 0);
  const ranked = rank(chunksOf(allowed), query);
  const best = fill(ranked, linesOf(prefix.slice(-shown.before) + suffix.slice(0, shown.after)), budget);
  if (kept.length > 0 && likeness(best) < likeness(kept) * clearlyBetter)
    return { chunks: kept, lineStart, tokens };
  const isKept = (chunk: FileChunk) =>
    kept.some(({ path, text }) => path === chunk.path && text === chunk.text);
  return { chunks: [...best.filter(isKept), ...best.filter(chunk => !isKept(chunk))], lineStart, tokens };
}

/** Without those of files that are not there any more: closed, or ignored since. An older text is shown on. */
function keepAllowed(chunks: readonly FileChunk[], files: readonly OtherFile[]): readonly FileChunk[] {
  const paths = new Set(files.map(({ path }) => path));
  return chunks.filter(({ path }) => paths.has(path));
}

function rank(chunks: readonly FileChunk[], query: ReadonlySet<string>): readonly FileChunk[] {
  return chunks
    .map(chunk => ({ chunk, similarity: jaccard(chunk.words, query) }))
    .filter(({ similarity }) => similarity >= leastSimilarity)
    .sort((a, b) => b.similarity - a.similarity)
    .map(({ chunk }) => chunk);
}

/** @param seen the lines that the model sees anyway; those of what is chosen are added */
function fill(
  ranked: readonly FileChunk[],
  seen: Set<string>,
  { tokens, count }: SnippetBudget,
): readonly FileChunk[] {
  const chosen: FileChunk[] = [];
  let left = tokens;
  for (const chunk of ranked) {
    if (chosen.length === mostChunks || left < leastTokens) break;
    const lines = linesOf(chunk.text);
    const repeated = [...lines].filter(line => seen.has(line)).length;
    if (repeated > lines.size * mostRepeated) continue;
    const cut = cutToFit(chunk, left, count);
    if (cut === undefined) continue;
    chosen.push(cut.chunk);
    left -= cut.tokens;
    for (const line of lines) seen.add(line);
  }
  return chosen;
}

/** The first lines that fit; undefined if not even the first does. */
function cutToFit(chunk: FileChunk, tokens: number, count: (text: string) => number) {
  let { text } = chunk;
  for (;;) {
    const needed = count(`${chunk.path}\n${text}`) + frameTokens;
    if (needed <= tokens) return { chunk: text === chunk.text ? chunk : { ...chunk, text }, tokens: needed };
    const lineBreak = text.lastIndexOf('\n', Math.floor((text.length * tokens) / needed));
    if (lineBreak <= 0) return undefined;
    text = text.slice(0, lineBreak);
  }
}

function linesOf(text: string): Set<string> {
  const lines = text.split('\n').map(line => line.trim());
  return new Set(lines.filter(line => line.length >= leastLine));
}
