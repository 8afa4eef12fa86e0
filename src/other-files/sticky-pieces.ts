/**
 * Which pieces of other files are shown beside a document: those whose identifiers are most like those around the
 * cursor, each once, within a number of tokens.
 *
 * They stand at the front of the prompt, so another choice costs the whole cache. It is sticky therefore: nothing
 * changes while the cursor stays in its line, and afterwards only if another choice is clearly better. What is kept
 * stays in front of what is new.
 */
import type { DocumentSnapshot } from '../document/document-snapshot';
import { isSecret } from '../privacy/is-secret';
import type { FileChunk } from './file-pieces';
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
/** Less alike has hardly a word in common. More is not asked: at 0.1 most was lost of what pieces are good for (log). */
const leastSimilarity = 0.02;
/** As many as the training's windows have at most (`train/sotto_train/documents.py`), and as small a part at least. */
const mostChunks = 4;
const leastTokens = 32;
/** Marks and line breaks around a path and a text, at most. */
const frameTokens = 4;
/** What says what is looked for, in characters: a dozen lines. With 1,600 before the cursor less was found (log). */
const near = { before: 500, after: 100 };
/** What of the document the model sees anyway, in characters a token of the budget, which is a third of the prompt. */
const seen = { before: 6, after: 2 };
/**
 * A chunk with more of its lines in another that is chosen is left out. In the document it may have all but one: what
 * was copied and changed is where the missing line is found most often (log).
 */
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
  const best = fill(
    ranked,
    linesOf(prefix.slice(-seen.before * tokens) + suffix.slice(0, seen.after * tokens)),
    budget,
  );
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

/** @param document the lines of it that the model sees anyway */
function fill(
  ranked: readonly FileChunk[],
  document: ReadonlySet<string>,
  { tokens, count }: SnippetBudget,
): readonly FileChunk[] {
  const chosen: FileChunk[] = [];
  const shown = new Set<string>();
  let left = tokens;
  for (const chunk of ranked) {
    if (chosen.length === mostChunks || left < leastTokens) break;
    const lines = [...linesOf(chunk.text)];
    const repeated = lines.filter(line => shown.has(line)).length;
    if (repeated > lines.length * mostRepeated || lines.every(line => document.has(line))) continue;
    const cut = cutToFit(chunk, left, count);
    if (cut === undefined) continue;
    chosen.push(cut.chunk);
    left -= cut.tokens;
    for (const line of lines) shown.add(line);
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
