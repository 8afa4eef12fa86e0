/**
 * Reads the header of a GGUF file, or of one part of it: its metadata, and where its tensors lie. Does not know what they
 * mean.
 *
 *     'GGUF' version tensor_count metadata_count
 *     (key, value type, value) ...      metadata
 *     (name, dims, type, offset) ...    tensors
 *     padding to general.alignment, then the data that the offsets count from
 *
 * No number is trusted: a count or length is compared with the bytes that follow before anything is allocated.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { ByteCursor, type ByteFile, cutOff, openByteFile } from './byte-file';
import { recogniseName, refuseForeignBytes } from './foreign-bytes';
import { refuseForeignGguf } from './foreign-models';
import { type GgmlType, ggmlTypes } from './ggml-blocks';
import { JsonFile } from './json-file';
import { type ByteRange, refuseOverlaps } from './tensor-source';

export interface GgufFile {
  readonly path: string;
  /** The file's metadata: `metadata.integer('llama.block_count')`. */
  readonly metadata: JsonFile;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  close(): void;
}

export interface GgufTensor extends ByteRange {
  /** The file that it lies in: one of several if a model is cut into parts. */
  readonly bytes: ByteFile;
  readonly type: GgmlType;
  /** The slowest dimension first, as everywhere in this project. The file has the fastest first. */
  readonly shape: readonly number[];
}

/** A vocabulary of half a million tokens, with its merges, takes 25 MB. */
const maxHeaderBytes = 2 ** 28;
/** In all arrays of the metadata together. */
const maxElements = 2 ** 24;
const maxDimensions = 4;
const maxNesting = 4;

/** @throws ModelFileError if the file cannot be read or its header is not consistent */
export function openGgufFile(path: string): GgufFile {
  const bytes = openByteFile(path);
  try {
    if (!startsAsGguf(bytes)) refuseForeignBytes(bytes, 'GGUF');
    const cursor = new ByteCursor(bytes, Math.min(bytes.size, maxHeaderBytes));
    const counts = readCounts(cursor);
    const metadata = JsonFile.of(path, readMetadata(cursor, counts.metadata));
    refuseForeignGguf(path, metadata);
    const alignment = readAlignment(metadata);
    const tensors = readTensors(cursor, counts.tensors, alignment, bytes);
    refuseOverlaps(path, tensors);
    return { path, metadata, tensors, close: () => bytes.close() };
  } catch (error) {
    bytes.close();
    throw error;
  }
}

/** 'GGUF', read as a number. */
const magic = 0x46554747;

/** A file whose name says that it is only a part of one may begin as the whole does. */
function startsAsGguf(bytes: ByteFile): boolean {
  if (bytes.size < 4 || recogniseName(bytes.path) !== undefined) return false;
  return new DataView(bytes.read(0, 4).buffer).getUint32(0, true) === magic;
}

function readCounts(cursor: ByteCursor): { readonly tensors: number; readonly metadata: number } {
  const found = cursor.uint32('magic');
  if (found !== magic) throw cursor.fault('magic', `found 0x${found.toString(16)}, expected 'GGUF'`);
  const version = cursor.uint32('version');
  if (version === 0x02000000 || version === 0x03000000)
    throw cursor.fault('version', 'found a big-endian file, expected a little-endian one');
  if (version !== 2 && version !== 3) throw cursor.fault('version', `found ${version}, expected 2 or 3`);
  // The smallest tensor has an empty name and no dimensions. The smallest metadata has an empty key and one byte.
  const tensors = cursor.count(8 + 4 + 4 + 8, 'tensor count');
  return { tensors, metadata: cursor.count(8 + 4 + 1, 'metadata count') };
}

function readMetadata(cursor: ByteCursor, count: number): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  const budget = { elements: maxElements };
  for (let index = 0; index < count; index++) {
    const key = cursor.string(`key of metadata ${index}`);
    if (entries.has(key)) throw cursor.fault(key, 'is there twice');
    entries.set(key, readValue(cursor, cursor.uint32(key), key, budget));
  }
  return Object.fromEntries(entries);
}

const arrayType = 9;

/** Value types by their number: the fewest bytes that a value takes, and how it is read. */
const valueTypes: ReadonlyMap<number, ValueType> = new Map([
  [0, { bytes: 1, read: (cursor, field) => cursor.uint8(field) }],
  [1, number(1, (view, at) => view.getInt8(at))],
  [2, number(2, (view, at) => view.getUint16(at, true))],
  [3, number(2, (view, at) => view.getInt16(at, true))],
  [4, { bytes: 4, read: (cursor, field) => cursor.uint32(field) }],
  [5, number(4, (view, at) => view.getInt32(at, true))],
  [6, number(4, (view, at) => view.getFloat32(at, true))],
  [7, { bytes: 1, read: readBoolean }],
  [8, { bytes: 8, read: (cursor, field) => cursor.string(field) }],
  [10, { bytes: 8, read: (cursor, field) => cursor.uint64(field) }],
  [11, number(8, (view, at) => Number(view.getBigInt64(at, true)))],
  [12, number(8, (view, at) => view.getFloat64(at, true))],
]);

interface ValueType {
  readonly bytes: number;
  readonly read: (cursor: ByteCursor, field: string) => unknown;
}

function number(bytes: number, read: (view: DataView, at: number) => number): ValueType {
  return { bytes, read: (cursor, field) => cursor.number(bytes, field, read) };
}

function readBoolean(cursor: ByteCursor, field: string): boolean {
  const found = cursor.uint8(field);
  if (found > 1) throw cursor.fault(field, `found ${found}, expected true (1) or false (0)`);
  return found === 1;
}

function readValue(
  cursor: ByteCursor,
  typeNumber: number,
  field: string,
  budget: { elements: number },
  depth = 0,
): unknown {
  if (typeNumber === arrayType) return readArray(cursor, field, budget, depth + 1);
  return findValueType(cursor, typeNumber, field).read(cursor, field);
}

function readArray(
  cursor: ByteCursor,
  field: string,
  budget: { elements: number },
  depth: number,
): readonly unknown[] {
  if (depth > maxNesting) throw cursor.fault(field, `found arrays ${depth} deep, expected ${maxNesting}`);
  const elementType = cursor.uint32(field);
  // An array begins with the type of its elements and their count.
  const elementBytes = elementType === arrayType ? 4 + 8 : findValueType(cursor, elementType, field).bytes;
  const count = cursor.count(elementBytes, field);
  budget.elements -= count;
  if (budget.elements < 0)
    throw cursor.fault(field, `found ${count} elements, expected at most ${maxElements} in all arrays`);
  const values: unknown[] = [];
  for (let index = 0; index < count; index++)
    values.push(readValue(cursor, elementType, field, budget, depth));
  return values;
}

function findValueType(cursor: ByteCursor, typeNumber: number, field: string): ValueType {
  const found = valueTypes.get(typeNumber);
  if (found === undefined) throw cursor.fault(field, `found value type ${typeNumber}, expected 0 to 12`);
  return found;
}

function readAlignment(metadata: JsonFile): number {
  const field = 'general.alignment';
  const alignment = metadata.integer(field, { max: 2 ** 20, fallback: 32 });
  if ((alignment & (alignment - 1)) !== 0) throw metadata.wrong(field, alignment, 'a power of two');
  return alignment;
}

function readTensors(
  cursor: ByteCursor,
  count: number,
  alignment: number,
  bytes: ByteFile,
): ReadonlyMap<string, GgufTensor> {
  const infos = Array.from({ length: count }, (_, index) => readTensorInfo(cursor, index));
  const dataStart = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const { name, shape, type, offset } of infos) {
    const field = `tensor '${name}'`;
    if (tensors.has(name)) throw cursor.fault(field, 'is there twice');
    const elements = shape.reduce((product, size) => product * size, 1);
    const length = (elements / type.blockElements) * type.blockBytes;
    const start = dataStart + offset;
    if (offset % alignment !== 0)
      throw cursor.fault(field, `found offset ${offset}, expected a multiple of ${alignment}`);
    if (start + length > bytes.size)
      throw cursor.fault(
        field,
        `found ${type.name} of shape [${shape}] at byte ${start}, but the file has ${bytes.size} bytes; ${cutOff}`,
      );
    tensors.set(name, { type, shape, bytes, start, end: start + length });
  }
  return tensors;
}

interface TensorInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: GgmlType;
  /** In bytes from the beginning of the data. */
  readonly offset: number;
}

function readTensorInfo(cursor: ByteCursor, index: number): TensorInfo {
  const name = cursor.string(`name of tensor ${index}`);
  const field = `tensor '${name}'`;
  const dimensions = cursor.uint32(field);
  if (dimensions > maxDimensions)
    throw cursor.fault(field, `found ${dimensions} dimensions, expected at most ${maxDimensions}`);
  const shape = Array.from({ length: dimensions }, () => cursor.uint64(field)).reverse();
  const typeNumber = cursor.uint32(field);
  const type = ggmlTypes.get(typeNumber);
  if (type === undefined) throw cursor.fault(field, `found type ${typeNumber}, which is none of ggml's`);
  const columns = shape.at(-1) ?? 1;
  if (columns % type.blockElements !== 0)
    throw cursor.fault(
      field,
      `found rows of ${columns} in ${type.name}, expected a multiple of ${type.blockElements}`,
    );
  return { name, shape, type, offset: cursor.uint64(field) };
}
