/** A file that is read by ranges, each checked against the size it really has. Knows no format. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { ModelFileError } from './model-file-error';

export interface ByteFile {
  readonly path: string;
  /** In bytes, when it was opened. */
  readonly size: number;
  /** @throws ModelFileError if the file ends before `end` */
  read(start: number, end: number): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** Node reads less than 2 GiB at once; the embedding table of a large vocabulary is longer. */
const maxReadBytes = 2 ** 30;

/** @throws ModelFileError if the file cannot be opened or is none */
export function openByteFile(path: string): ByteFile {
  const file = open(path);
  return {
    path,
    size: fstatSync(file).size,
    read: (start, end) => readRange(path, file, start, end),
    close: () => closeSync(file),
  };
}

function open(path: string): number {
  try {
    // Asked first: opening a pipe would wait for its writer.
    if (statSync(path).isFile()) return openSync(path, 'r');
  } catch (error) {
    throw new ModelFileError(path, 'file', `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  throw new ModelFileError(path, 'file', 'is not a file');
}

function readRange(path: string, file: number, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const length = Math.min(bytes.length - filled, maxReadBytes);
    const count = readSync(file, bytes, filled, length, start + filled);
    if (count === 0)
      throw new ModelFileError(path, 'file', `ended at byte ${start + filled}, expected ${end}`);
    filled += count;
  }
  return bytes;
}
