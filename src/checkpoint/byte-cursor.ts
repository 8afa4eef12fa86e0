/** Reads little-endian values one after another from a file, and believes no length that the file cannot hold. */
import type { ByteFile } from './byte-file';
import { ModelFileError } from './model-file-error';

/** Read at once; a header of a few hundred small fields then costs one or two reads. */
const windowBytes = 1 << 20;

export class ByteCursor {
  private window = new Uint8Array(0);
  private view = new DataView(this.window.buffer);
  private windowStart = 0;
  position = 0;

  /** @param end nothing is read from there on */
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

  /** A number above 2^53 comes out rounded: no size or count of a real file is one. */
  uint64(field: string): number {
    return this.number(8, field, (view, at) => Number(view.getBigUint64(at, true)));
  }

  /** Any other number: `read` takes it from the view. */
  number(bytes: number, field: string, read: (view: DataView, at: number) => number): number {
    // The view may be another one after `take`.
    const at = this.take(bytes, field);
    return read(this.view, at);
  }

  /** A string after its length in 64 bits. Bytes that are no UTF-8 become U+FFFD. */
  string(field: string): string {
    const length = this.uint64(field);
    const at = this.take(length, field);
    return utf8.decode(this.window.subarray(at, at + length));
  }

  /** How many elements follow, after a check that there can be so many. */
  count(elementBytes: number, field: string): number {
    const count = this.uint64(field);
    if (count * elementBytes > this.left)
      throw this.fault(field, `found ${count} elements, but only ${this.left} bytes follow`);
    return count;
  }

  fault(field: string, problem: string): ModelFileError {
    return new ModelFileError(this.file.path, field, problem);
  }

  /** Moves over `length` bytes. @returns where in the window they begin */
  private take(length: number, field: string): number {
    if (length > this.left)
      throw this.fault(field, `found a length of ${length} bytes, but only ${this.left} follow`);
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
