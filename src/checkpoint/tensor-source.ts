/** The tensors of a checkpoint, as the reader of each format gives them to the builder of the graph. */
import type { BlockFormat, MatrixBlocks } from './ggml-blocks';
import { ModelFileError } from './model-file-error';

/** Named tensors, each read when it is asked for. */
export interface TensorSource {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** @throws ModelFileError if there is no such tensor */
  shape(name: string): readonly number[];
  /**
   * The tensor's elements, row-major, as float32.
   * @param shape the shape that the architecture expects
   * @throws ModelFileError if the tensor is missing or has another shape
   */
  read(name: string, shape: readonly number[]): Float32Array;
  /**
   * The matrix `[outputs, inputs]` in blocks of integers, if the file stores it so.
   * @throws ModelFileError as `read`
   */
  readBlocks?(name: string, outputs: number, inputs: number): MatrixBlocks | undefined;
  /** How the file stores a tensor. */
  stored?(name: string): StoredTensor;
  close(): void;
}

export interface StoredTensor {
  readonly type: string;
  readonly bytes: number;
  /** For a tensor that `readBlocks` can return. */
  readonly blocks?: Pick<BlockFormat, 'bits' | 'blockSize' | 'hasMinimums'>;
}

export interface ByteRange {
  /** Bytes from the file's beginning. */
  readonly start: number;
  readonly end: number;
}

/**
 * No two tensors of a file may share bytes: such a header is wrong about one of them.
 * @throws ModelFileError that names the later one of two tensors that overlap
 */
export function refuseOverlaps(path: string, tensors: ReadonlyMap<string, ByteRange>): void {
  let end = 0;
  for (const [name, range] of [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (range.start < end) throw new ModelFileError(path, `tensor '${name}'`, 'overlaps another tensor');
    end = range.end;
  }
}
