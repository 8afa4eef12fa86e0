/**
 * Writes the file beside `model.onnx` that holds the weights. It is written from front to back, and no tensor is kept in
 * memory. ONNX calls this external data: the graph names a file, an offset and a length. ONNX Runtime maps the file into
 * memory instead of reading it.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { dataLocation, type TensorProto } from './onnx-schema';

/** Bytes of a cache line. Each tensor begins at a new one. */
const alignment = 64;

/** Node cannot write 2 GiB at once, and the embedding table of a large vocabulary may be longer. */
const maxWriteBytes = 2 ** 30;

export class WeightsFile {
  private readonly file: number;
  private length = 0;

  /**
   * @param path the file to create
   * @param location the name of the file in the graph beside it
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
