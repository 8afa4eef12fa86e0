/**
 * Writes safetensors files: a right one from tensors, or the bytes of a wrong one from any header.
 * Follows https://github.com/huggingface/safetensors and does not know our reader.
 */
import { writeFileSync } from 'node:fs';

export interface TestTensor {
  readonly shape: readonly number[];
  /** Float32 values; or 16-bit patterns, with the type they are of. */
  readonly data: Float32Array | Uint16Array | Uint8Array;
  readonly dtype?: string;
}

export function writeSafetensors(path: string, tensors: Readonly<Record<string, TestTensor>>): void {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const [name, { shape, data, dtype = 'F32' }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const parts = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  writeFileSync(path, safetensorsBytes(header, Buffer.concat(parts)));
}

/** @param header an object, or the text to write in its place */
export function safetensorsBytes(header: object | string, data: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}
