/** No two tensors of a file may share bytes: a header that says so is wrong about one of them. */
import { ModelFileError } from './model-file-error';

export interface ByteRange {
  /** Bytes from the file's beginning. */
  readonly start: number;
  readonly end: number;
}

/** @throws ModelFileError that names the later one of two tensors that overlap */
export function refuseOverlaps(path: string, tensors: ReadonlyMap<string, ByteRange>): void {
  let end = 0;
  for (const [name, range] of [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (range.start < end) throw new ModelFileError(path, `tensor '${name}'`, 'overlaps another tensor');
    end = range.end;
  }
}
