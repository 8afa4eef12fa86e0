/**
 * The file beside `model.onnx` that holds the weights, written front to back so that only the tensor at hand is
 * in memory. ONNX calls this external data: the graph names a file, an offset and a length, and ONNX Runtime maps
 * the file instead of reading it.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dataLocation, type TensorProto } from './onnx-schema';

/** A cache line, so that no tensor begins inside another's. */
const alignment = 64;

/** Node writes less than 2 GiB at once; the embedding table of a large vocabulary is longer. */
const maxWriteBytes = 2 ** 30;

export class WeightsFile {
  private readonly file: number;
  private length = 0;

  /**
   * @param path where the bytes go
   * @param location the file's name as the graph beside it says it
   */
  constructor(
    path: string,
    private readonly location: string,
  ) {
    this.file = openSync(path, 'wx');
  }

  append(name: string, dims: readonly number[], elementType: number, data: ArrayBufferView): TensorProto {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const offset = Math.ceil(this.length / alignment) * alignment;
    for (let written = 0; written < bytes.length; ) {
      const length = Math.min(bytes.length - written, maxWriteBytes);
      written += writeSync(this.file, bytes, written, length, offset + written);
    }
    this.length = offset + bytes.length;
    return {
      name,
      dims,
      dataType: elementType,
      dataLocation: dataLocation.external,
      externalData: [
        { key: 'location', value: this.location },
        { key: 'offset', value: String(offset) },
        { key: 'length', value: String(bytes.length) },
      ],
    };
  }

  close(): void {
    fsyncSync(this.file);
    closeSync(this.file);
  }
}
