/**
 * Chooses the pieces of other files that the prompt shows beside a document: those whose identifiers are most like the
 * identifiers around the cursor, within a number of tokens.
 *
 * Pieces stand at the front of the prompt, so another choice makes the whole KV cache useless. The choice is therefore
 * sticky. It stays while the cursor stays in its line. Afterwards it changes only for a clearly better one, and the
 * pieces that are kept stay in front of the new ones.
 */
import type { DocumentSnapshot } from '../document/document-snapshot';
import { isSecret } from '../privacy/is-secret';
import { identifiersOf, type OtherFile, type Piece } from './other-file';

export interface PieceBudget {
  /** Tokens of all pieces together, at most. */
  readonly tokens: number;
  /** Tokens of a text. */
  readonly count: (text: string) => number;
}

export interface ChosenPieces {
  readonly pieces: readonly Piece[];
  /** Where in the document the line begins that they were chosen for, in characters. */
  readonly lineStart: number;
  /** Tokens of the budget that they were chosen within. */
  readonly tokens: number;
}

/** Another choice must be more alike than the kept one by this factor. */
const clearlyBetter = 1.5;
/**
 * Below this similarity, two pieces share almost no identifiers. A limit of 0.1 lost most of the gain (docs/log.md,
 * "Choice of pieces").
 */
const minSimilarity = 0.02;
/** As in the training's windows (`train/sotto_train/documents.py`): four pieces at most, none smaller than this. */
const maxPieces = 4;
const minTokens = 32;
/** Marks and line breaks around a path and a text, at most. */
const frameTokens = 4;
/**
 * Characters around the cursor whose identifiers we search for, about a dozen lines. With 1,600 characters before the
 * cursor the pieces were worse (docs/log.md, "Choice of pieces").
 */
const searched = { before: 500, after: 100 };
/** Characters of the document that the model sees anyway, for each token of the budget (a third of the prompt). */
const seen = { before: 6, after: 2 };
/**
 * A piece is left out if more than this share of its lines is in pieces that are chosen already. Lines of the document
 * do not count, unless it has all of them: a copy that was changed often has the line that the user wants next
 * (docs/log.md, "Choice of pieces").
 */
const maxRepeated = 0.5;
/** Shorter lines are brackets and the like, which are the same everywhere. */
const minLineLength = 4;

/**
 * @param files the most recent first, which decides between equals; files that may hold secrets are skipped here too
 * @param piecesOf the files' pieces, in the order of the files
 */
export function choosePieces(
  document: DocumentSnapshot,
  files: readonly OtherFile[],
  budget: PieceBudget,
  piecesOf: (files: readonly OtherFile[]) => readonly Piece[],
  previous?: ChosenPieces,
): ChosenPieces {
  const { prefix, suffix, prefixOffset } = document;
  const { tokens } = budget;
  const lineStart = prefixOffset + prefix.lastIndexOf('\n');
  const allowed = files.filter(({ path }) => !isSecret(path));
  const before = previous?.tokens === tokens ? previous : undefined;
  const kept = before === undefined ? [] : keepAllowed(before.pieces, allowed);
  if (before?.lineStart === lineStart && before.pieces.length === kept.length) return before;

  const wanted = identifiersOf(prefix.slice(-searched.before) + suffix.slice(0, searched.after));
  const similarity = (pieces: readonly Piece[]) =>
    pieces.reduce((sum, { identifiers }) => sum + jaccard(identifiers, wanted), 0);
  const best = fill(
    rank(piecesOf(allowed), wanted),
    linesOf(prefix.slice(-seen.before * tokens) + suffix.slice(0, seen.after * tokens)),
    budget,
  );
  if (kept.length > 0 && similarity(best) < similarity(kept) * clearlyBetter)
    return { pieces: kept, lineStart, tokens };
  const isKept = (piece: Piece) => kept.some(({ uri, text }) => uri === piece.uri && text === piece.text);
  return { pieces: [...best.filter(isKept), ...best.filter(piece => !isKept(piece))], lineStart, tokens };
}

/**
 * @returns the pieces whose files are still there: not closed and not ignored since. A piece stays as it is even if its
 * file's text has changed.
 */
function keepAllowed(pieces: readonly Piece[], files: readonly OtherFile[]): readonly Piece[] {
  const uris = new Set(files.map(({ uri }) => uri));
  return pieces.filter(({ uri }) => uris.has(uri));
}

function rank(pieces: readonly Piece[], wanted: ReadonlySet<string>): readonly Piece[] {
  return pieces
    .map(piece => ({ piece, similarity: jaccard(piece.identifiers, wanted) }))
    .filter(({ similarity }) => similarity >= minSimilarity)
    .sort((a, b) => b.similarity - a.similarity)
    .map(({ piece }) => piece);
}

/**
 * The Jaccard index: shared identifiers over all identifiers (Jaccard, 1912). Order and frequency do not count.
 * @returns 0 for nothing in common, 1 for the same; 0 for two empty sets
 */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const identifier of small) if (large.has(identifier)) shared++;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}

/** @param document the lines of the document that the model sees anyway */
function fill(
  ranked: readonly Piece[],
  document: ReadonlySet<string>,
  { tokens, count }: PieceBudget,
): readonly Piece[] {
  const chosen: Piece[] = [];
  const shown = new Set<string>();
  let left = tokens;
  for (const piece of ranked) {
    if (chosen.length === maxPieces || left < minTokens) break;
    const lines = [...linesOf(piece.text)];
    const repeated = lines.filter(line => shown.has(line)).length;
    if (repeated > lines.length * maxRepeated || lines.every(line => document.has(line))) continue;
    const cut = cutToFit(piece, left, count);
    if (cut === undefined) continue;
    chosen.push(cut.piece);
    left -= cut.tokens;
    for (const line of lines) shown.add(line);
  }
  return chosen;
}

/** @returns the first lines that fit; undefined if the first line alone does not fit */
function cutToFit(piece: Piece, tokens: number, count: (text: string) => number) {
  let { text } = piece;
  for (;;) {
    const needed = count(`${piece.path}\n${text}`) + frameTokens;
    if (needed <= tokens) return { piece: text === piece.text ? piece : { ...piece, text }, tokens: needed };
    const lineBreak = text.lastIndexOf('\n', Math.floor((text.length * tokens) / needed));
    if (lineBreak <= 0) return undefined;
    text = text.slice(0, lineBreak);
  }
}

function linesOf(text: string): Set<string> {
  const lines = text.split('\n').map(line => line.trim());
  return new Set(lines.filter(line => line.length >= minLineLength));
}
