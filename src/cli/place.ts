/** A place in a file as a person writes it: `FILE:LINE:COLUMN`, counted from 1. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DocumentSnapshot, shortPath } from '../document/document-snapshot';

/** What the user typed is wrong: one line, exit code 2. */
export class UsageError extends Error {}

/** @throws UsageError that says what is wrong with the place */
export function readPlace(place: string): DocumentSnapshot {
  const match = /^(.+):(\d+):(\d+)$/.exec(place);
  if (!match) throw new UsageError(`${place}: expected FILE:LINE:COLUMN, counted from 1`);
  const [, file = '', line, column] = match;
  return snapshotAt(file, readText(file), Number(line), Number(column));
}

/** The document that lies around a place given as the text before and after it. */
export function snapshotOf(path: string, prefix: string, suffix: string): DocumentSnapshot {
  return {
    uri: path,
    path: shortPath(path),
    languageId: '',
    prefix: normaliseLineEnds(prefix),
    prefixOffset: 0,
    suffix: normaliseLineEnds(suffix),
  };
}

function snapshotAt(file: string, text: string, line: number, column: number): DocumentSnapshot {
  const lines = normaliseLineEnds(text).split('\n');
  const found = lines[line - 1];
  if (found === undefined) throw new UsageError(`${file}:${line}: the file has ${lines.length} lines`);
  if (column < 1 || column > found.length + 1)
    throw new UsageError(`${file}:${line}:${column}: line ${line} has columns 1 to ${found.length + 1}`);
  const prefix = [...lines.slice(0, line - 1), found.slice(0, column - 1)].join('\n');
  const suffix = [found.slice(column - 1), ...lines.slice(line)].join('\n');
  return snapshotOf(resolve(file), prefix, suffix);
}

/** @throws UsageError that names the file */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: ${code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`}`);
  }
}

function normaliseLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
