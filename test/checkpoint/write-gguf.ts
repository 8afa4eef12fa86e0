/**
 * Writes GGUF files, right ones and wrong ones, as ggml's docs/gguf.md describes them. Does not know our reader.
 */

/** A metadata value with the number of its type: `[4, 7]` is a uint32, `[9, elementType, values]` an array. */
export type GgufValue =
  | readonly [type: number, value: number | boolean | string]
  | readonly [type: 9, elementType: number, values: readonly (number | string | GgufValue)[]];

export interface GgufTestTensor {
  /** Fastest first, as in the file. */
  readonly dims: readonly number[];
  readonly type: number;
  readonly data: Uint8Array;
  /** The place of the data that the header states; the true one if this is left out. */
  readonly offset?: number;
}

export interface GgufParts {
  readonly metadata?: Readonly<Record<string, GgufValue>>;
  readonly tensors?: Readonly<Record<string, GgufTestTensor>>;
  readonly alignment?: number;
  readonly version?: number;
}

export const text = (value: string): GgufValue => [8, value];
export const uint32 = (value: number): GgufValue => [4, value];
export const float32 = (value: number): GgufValue => [6, value];
export const texts = (values: readonly string[]): GgufValue => [9, 8, values];

export function ggufBytes({
  metadata = {},
  tensors = {},
  alignment = 32,
  version = 3,
}: GgufParts): Uint8Array<ArrayBuffer> {
  const header: Buffer[] = [
    Buffer.from('GGUF'),
    u32(version),
    u64(Object.keys(tensors).length),
    u64(Object.keys(metadata).length),
  ];
  for (const [key, value] of Object.entries(metadata)) header.push(str(key), u32(value[0]), encode(value));
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    header.push(str(name), u32(tensor.dims.length), ...tensor.dims.map(u64), u32(tensor.type));
    header.push(u64(tensor.offset ?? offset));
    const padded = padding(tensor.data.length, alignment);
    data.push(Buffer.from(tensor.data), padded);
    offset += tensor.data.length + padded.length;
  }
  const head = Buffer.concat(header);
  return Uint8Array.from(Buffer.concat([head, padding(head.length, alignment), ...data]));
}

function encode(value: GgufValue): Buffer {
  if (value[0] === 9) {
    const [, elementType, values] = value as Extract<GgufValue, readonly [9, number, readonly unknown[]]>;
    const elements = values.map(element =>
      Array.isArray(element)
        ? encode(element as unknown as GgufValue)
        : scalar(elementType, element as number),
    );
    return Buffer.concat([u32(elementType), u64(values.length), ...elements]);
  }
  return scalar(value[0], value[1] as number);
}

function scalar(type: number, value: number | string | boolean): Buffer {
  if (typeof value === 'string') return str(value);
  const view = new DataView(new ArrayBuffer(8));
  const number = Number(value);
  const write: Record<number, readonly [number, () => void]> = {
    0: [1, () => view.setUint8(0, number)],
    1: [1, () => view.setInt8(0, number)],
    2: [2, () => view.setUint16(0, number, true)],
    3: [2, () => view.setInt16(0, number, true)],
    4: [4, () => view.setUint32(0, number, true)],
    5: [4, () => view.setInt32(0, number, true)],
    6: [4, () => view.setFloat32(0, number, true)],
    7: [1, () => view.setUint8(0, number)],
    10: [8, () => view.setBigUint64(0, BigInt(number), true)],
    11: [8, () => view.setBigInt64(0, BigInt(number), true)],
    12: [8, () => view.setFloat64(0, number, true)],
  };
  const [bytes, set] = write[type] ?? [0, () => undefined];
  set();
  return Buffer.from(view.buffer.slice(0, bytes));
}

const u32 = (value: number) => scalar(4, value);
const u64 = (value: number) => scalar(10, value);
const str = (value: string) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
};
const padding = (length: number, alignment: number) =>
  Buffer.alloc((alignment - (length % alignment)) % alignment);
