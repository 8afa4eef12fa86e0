/**
 * Finds places in the document and in other files where the text is the same as before the cursor, and the text that
 * follows there. This is the memory of a cache language model (Grave et al., Improving Neural Language Models with a
 * Continuous Cache, 2017, arXiv 1612.04426). It knows words, signs and indentation, but no programming language.
 */
import type { DocumentSnapshot } from '../../document/document-snapshot';
import { indentationOf, isWordCharacter, lastWord } from '../../document/words';
import type { OtherFile } from '../../other-files/other-file';

export interface DocumentMatch {
  /** The text that follows there, indented for the cursor's place. */
  readonly next: string;
  /** Characters before both places that are the same, without white space. */
  readonly length: number;
  /** Characters between that place and the cursor. Other files count as if they stood above, the first one nearest. */
  readonly distance: number;
}

/**
 * Places on either side of the cursor, the nearest first. With 300 places the search took longer and found nothing better
 * (docs/log.md, "Time of the copy search").
 */
const maxPlaces = 100;
const maxPlacesPerOtherFile = 20;
/** The search for a short word mostly finds the middle of longer words, which is no place. */
const maxTriesPerPlace = 10;
/** The longest matches of all places are kept. */
const maxMatches = 32;
/** Characters that are compared before a place. */
const maxCompared = 200;
/** Characters that are taken after a place. */
const maxTaken = 400;
/** Each other file counts as this many characters farther away than the file before it. */
const distanceBetweenFiles = 10_000;

/** @returns the longest match first; among equally long ones, the nearest first */
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
    ...endsAfter(suffix, cursor, maxPlaces).map(placed(suffix, end => end)),
    ...otherFiles.flatMap(({ text }, index) =>
      endsAfter(text, cursor, maxPlacesPerOtherFile).map(
        placed(text, () => prefix.length + index * distanceBetweenFiles),
      ),
    ),
  ]
    .sort((a, b) => b.length - a.length || a.distance - b.distance)
    .slice(0, maxMatches)
    .flatMap(({ text, end, ...match }) => {
      const next = nextAt(text, end, cursor);
      return next === undefined ? [] : [{ next, ...match }];
    });
}

interface Cursor {
  /** The last word or sign before the cursor. */
  readonly last: string;
  /** Where `last` ends. */
  readonly end: number;
  /** The white space between `last` and the cursor. */
  readonly space: string;
  /** The white space at the beginning of the cursor's line. */
  readonly indentation: string;
  /** Columns that the cursor's line is indented more than the line of `last`; 0 on the same line. */
  readonly deeper: number;
}

function readCursor(prefix: string): Cursor | undefined {
  const end = prefix.trimEnd().length;
  const last = lastWord(prefix.slice(Math.max(0, end - maxCompared), end));
  if (last === undefined) return undefined;
  const indentation = indentationAt(prefix, prefix.length);
  const deeper = columns(indentation) - columns(indentationAt(prefix, end));
  return { last, end, space: prefix.slice(end), indentation, deeper };
}

/** @returns where `last` ends elsewhere in the text before the cursor, the nearest first */
function endsBefore(text: string, { last, end }: Cursor): number[] {
  const ends: number[] = [];
  let at = end - last.length;
  for (let tries = 0; at > 0 && tries < maxPlaces * maxTriesPerPlace && ends.length < maxPlaces; tries++) {
    at = text.lastIndexOf(last, at - 1);
    if (at === -1) break;
    if (isWordStart(text, at)) ends.push(at + last.length);
  }
  return ends;
}

/** @returns where `last` ends in another text, the first place first */
function endsAfter(text: string, { last }: Cursor, max: number): number[] {
  const ends: number[] = [];
  let at = text.indexOf(last);
  for (let tries = 0; at !== -1 && tries < max * maxTriesPerPlace && ends.length < max; tries++) {
    if (isWordStart(text, at)) ends.push(at + last.length);
    at = text.indexOf(last, at + 1);
  }
  return ends;
}

/** @returns the text after the place that ends at `end`; undefined if another kind of white space follows than at the cursor */
function nextAt(text: string, end: number, { space, indentation, deeper }: Cursor): string | undefined {
  const taken = text.slice(end, end + maxTaken);
  if (space === '') return reindent(taken, indentationAt(text, end), indentation);
  const there = /^\s*/.exec(taken)![0];
  if (there === '' || there.includes('\n') !== space.includes('\n')) return undefined;
  const from = indentationAt(text, end + there.length);
  if (space.includes('\n') && columns(from) - columns(indentationAt(text, end)) !== deeper) return undefined;
  return reindent(taken.slice(there.length), from, indentation);
}

/** Replaces the indentation `from` of the lines by `to`. The text ends before the first line without it. */
function reindent(text: string, from: string, to: string): string {
  if (from === to) return text;
  const [first = '', ...more] = text.split('\n');
  const end = more.findIndex(line => line.trim() !== '' && !line.startsWith(from));
  const kept = more.slice(0, end === -1 ? undefined : end);
  return [first, ...kept.map(line => (line.startsWith(from) ? to + line.slice(from.length) : line))].join(
    '\n',
  );
}

/** @returns characters that are the same before the two places; any white space equals any other and does not count */
function sharedEnd(a: string, aEnd: number, b: string, bEnd: number): number {
  let length = 0;
  let [i, j] = [aEnd - 1, bEnd - 1];
  while (i >= 0 && j >= 0 && length < maxCompared) {
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

/** @returns the white space at the beginning of the line of `at`, but only before `at` */
function indentationAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))![0];
}

const columns = indentationOf;
