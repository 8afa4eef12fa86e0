/**
 * Where the text before the cursor stands elsewhere in the document, or in other files, and what follows it there: the
 * memory of a cache language model (Grave et al., Improving Neural Language Models with a Continuous Cache, 2017, arXiv
 * 1612.04426). Pure and bounded; knows words, signs and indentation, and nothing of languages.
 */
import type { DocumentSnapshot } from '../../document/document-snapshot';
import { indentationOf, isWordCharacter, lastWord } from '../../document/words';
import type { OtherFile } from '../../other-files/other-file';

export interface DocumentMatch {
  /** What follows there, its lines indented as they would be here. */
  readonly next: string;
  /** Characters before both places that are the same, white space aside. */
  readonly length: number;
  /** Characters between there and the cursor; of another file as if it stood above, the first one nearest. */
  readonly distance: number;
}

/** Places looked at on either side of the cursor, nearest first, and in each other file. */
const mostPlaces = 100;
const mostPlacesInOtherFile = 20;
/** A letter that a word begins with stands in the middle of far more words. */
const triesPerPlace = 10;
/** Of all places the longest matches are kept. */
const mostMatches = 32;
/** Characters compared before a place, and taken after it, at most. */
const mostCompared = 200;
const mostTaken = 400;
/** Characters by which each other file is farther away than the one before. */
const fileApart = 10_000;

/** @returns the longest first, of two as long the nearer */
export function findMatches(
  { prefix, suffix }: DocumentSnapshot,
  otherFiles: readonly OtherFile[] = [],
): readonly DocumentMatch[] {
  const cursor = readCursor(prefix);
  if (cursor === undefined) return [];
  const start = cursor.end - cursor.last.length;
  const placed = (text: string, distanceOf: (end: number) => number) => (end: number) => ({
    text,
    end,
    length: cursor.last.length + sharedEnd(text, end - cursor.last.length, prefix, start),
    distance: distanceOf(end),
  });
  return [
    ...endsBefore(prefix, cursor).map(placed(prefix, end => prefix.length - end)),
    ...endsAfter(suffix, cursor, mostPlaces).map(placed(suffix, end => end)),
    ...otherFiles.flatMap(({ text }, index) =>
      endsAfter(text, cursor, mostPlacesInOtherFile).map(
        placed(text, () => prefix.length + index * fileApart),
      ),
    ),
  ]
    .sort((a, b) => b.length - a.length || a.distance - b.distance)
    .slice(0, mostMatches)
    .flatMap(({ text, end, ...match }) => {
      const next = nextAt(text, end, cursor);
      return next === undefined ? [] : [{ next, ...match }];
    });
}

interface Cursor {
  /** The last word or sign before it, and where that ends. */
  readonly last: string;
  readonly end: number;
  /** The white space between them. */
  readonly space: string;
  /** White space that its line begins with. */
  readonly indentation: string;
  /** Columns from the indentation of the last word's line to its own; 0 on the same line. */
  readonly deeper: number;
}

function readCursor(prefix: string): Cursor | undefined {
  const end = prefix.trimEnd().length;
  const last = lastWord(prefix.slice(Math.max(0, end - mostCompared), end));
  if (last === undefined) return undefined;
  const indentation = indentationAt(prefix, prefix.length);
  const deeper = columns(indentation) - columns(indentationAt(prefix, end));
  return { last, end, space: prefix.slice(end), indentation, deeper };
}

/** Where `last` ends before the cursor, nearest first; its own place is none. */
function endsBefore(text: string, { last, end }: Cursor): number[] {
  const ends: number[] = [];
  let at = end - last.length;
  for (let tries = 0; at > 0 && tries < mostPlaces * triesPerPlace && ends.length < mostPlaces; tries++) {
    at = text.lastIndexOf(last, at - 1);
    if (at === -1) break;
    if (isWordStart(text, at)) ends.push(at + last.length);
  }
  return ends;
}

function endsAfter(text: string, { last }: Cursor, most: number): number[] {
  const ends: number[] = [];
  let at = text.indexOf(last);
  for (let tries = 0; at !== -1 && tries < most * triesPerPlace && ends.length < most; tries++) {
    if (isWordStart(text, at)) ends.push(at + last.length);
    at = text.indexOf(last, at + 1);
  }
  return ends;
}

/** What follows at `end`, if the same kind of white space comes first as before the cursor. */
function nextAt(text: string, end: number, { space, indentation, deeper }: Cursor): string | undefined {
  const taken = text.slice(end, end + mostTaken);
  if (space === '') return reindent(taken, indentationAt(text, end), indentation);
  const there = /^\s*/.exec(taken)![0];
  if (there === '' || there.includes('\n') !== space.includes('\n')) return undefined;
  const from = indentationAt(text, end + there.length);
  if (space.includes('\n') && columns(from) - columns(indentationAt(text, end)) !== deeper) return undefined;
  return reindent(taken.slice(there.length), from, indentation);
}

/** Lines indented by `from` are indented by `to`; the first that is not ends the text. */
function reindent(text: string, from: string, to: string): string {
  if (from === to) return text;
  const [first = '', ...more] = text.split('\n');
  const end = more.findIndex(line => line.trim() !== '' && !line.startsWith(from));
  const kept = more.slice(0, end === -1 ? undefined : end);
  return [first, ...kept.map(line => (line.startsWith(from) ? to + line.slice(from.length) : line))].join(
    '\n',
  );
}

/** Characters that are the same before `a`'s and `b`'s places, where any white space is like any other. */
function sharedEnd(a: string, aEnd: number, b: string, bEnd: number): number {
  let length = 0;
  let [i, j] = [aEnd - 1, bEnd - 1];
  while (i >= 0 && j >= 0 && length < mostCompared) {
    if (isSpace(a, i) && isSpace(b, j)) {
      while (i >= 0 && isSpace(a, i)) i--;
      while (j >= 0 && isSpace(b, j)) j--;
    } else if (a[i] === b[j]) {
      length++;
      i--;
      j--;
    } else break;
  }
  return length;
}

const isSpace = (text: string, at: number) => text.charCodeAt(at) <= 32;

function isWordStart(text: string, at: number): boolean {
  return !isWordCharacter(text, at) || at === 0 || !isWordCharacter(text, at - 1);
}

/** White space that the line of `at` begins with, as far as `at`. */
function indentationAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))![0];
}

const columns = indentationOf;
