/**
 * Files read with care: by ranges, one value after another, or as text. Every range is checked against the size that
 * the file really has. Knows no format.
 */
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

/** @throws ModelFileError if the file cannot be opened or is not a file */
export function openByteFile(path: string): ByteFile {
  const file = open(path);
  return {
    path,
    size: fstatSync(file).size,
    read: (start, end) => readRange(path, file, start, end),
    close: () => closeSync(file),
  };
}

/** Whether `path` is a file, or a link to one. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Opening it later says what is wrong with it.
    return false;
  }
}

/** Larger than any real config.json or vocabulary. A larger file is refused before memory is taken for it. */
const maxTextBytes = 64 * 1024 * 1024;

/**
 * @param kind the kind of file, in words for the error
 * @throws ModelFileError if the file is missing, too large, or not a file
 */
export function readTextFile(path: string, kind: string): string {
  const file = openByteFile(path);
  try {
    if (file.size > maxTextBytes)
      throw new ModelFileError(path, 'size', `${file.size} bytes, expected a small ${kind}`);
    return new TextDecoder().decode(file.read(0, file.size));
  } finally {
    file.close();
  }
}

function open(path: string): number {
  try {
    // Asked before opening: to open a pipe would wait until another process writes to it.
    if (statSync(path).isFile()) return openSync(path, 'r');
  } catch (error) {
    throw new ModelFileError(path, 'file', `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  throw new ModelFileError(path, 'file', 'is not a file');
}

/** Node reads less than 2 GiB at once. The embedding table of a large vocabulary is longer. */
const maxReadBytes = 2 ** 30;

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

/** Said of a file that ends too early. */
export const cutOff = 'the file is damaged or not complete, download it again';

/** Bytes that a cursor reads at once: a header of a few hundred small fields then costs one or two reads. */
const windowBytes = 1 << 20;

/** Reads little-endian values one after another, and refuses a length that the file cannot hold. */
export class ByteCursor {
  private window = new Uint8Array(0);
  private view = new DataView(this.window.buffer);
  private windowStart = 0;
  position = 0;

  /** @param end the byte after the last one that may be read */
  constructor(
    private readonly file: ByteFile,
    private readonly end: number,
  ) {}

  get left(): number {
    return this.end - this.position;
  }

  uint8(field: string): number {
    return this.number(1, field, (view, at) => view.getUint8(at));
  }

  uint32(field: string): number {
    return this.number(4, field, (view, at) => view.getUint32(at, true));
  }

  /** A number above 2^53 is rounded. No size or count in a real file is that large. */
  uint64(field: string): number {
    return this.number(8, field, (view, at) => Number(view.getBigUint64(at, true)));
  }

  /** A number of another type, which `read` takes from the view. */
  number(bytes: number, field: string, read: (view: DataView, at: number) => number): number {
    // `take` may replace the view, so it runs first.
    const at = this.take(bytes, field);
    return read(this.view, at);
  }

  /** A length in 64 bits, then a string of so many bytes. Bytes that are not UTF-8 become U+FFFD. */
  string(field: string): string {
    const length = this.uint64(field);
    const at = this.take(length, field);
    return utf8.decode(this.window.subarray(at, at + length));
  }

  /** The number of elements that follow, checked against the bytes that are left. */
  count(elementBytes: number, field: string): number {
    const count = this.uint64(field);
    if (count * elementBytes > this.left)
      throw this.fault(field, `found ${count} elements, but only ${this.left} bytes follow; ${cutOff}`);
    return count;
  }

  fault(field: string, problem: string): ModelFileError {
    return new ModelFileError(this.file.path, field, problem);
  }

  /** Moves past `length` bytes. @returns their first index in the window */
  private take(length: number, field: string): number {
    if (length > this.left)
      throw this.fault(field, `found a length of ${length} bytes, but only ${this.left} follow; ${cutOff}`);
    if (this.position + length > this.windowStart + this.window.length) {
      const windowEnd = Math.min(this.end, this.position + Math.max(length, windowBytes));
      this.window = this.file.read(this.position, windowEnd);
      this.view = new DataView(this.window.buffer);
      this.windowStart = this.position;
    }
    const at = this.position - this.windowStart;
    this.position += length;
    return at;
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
