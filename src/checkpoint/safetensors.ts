/**
 * Reads weights from a safetensors file, one tensor at a time, by range.
 *
 * The format: eight bytes with the header's length (little-endian), a JSON header of
 * `name -> {dtype, shape, data_offsets}`, then the data. The file is not trusted: every number in the header is
 * checked against the file's real size before memory is allocated.
 * Source: https://github.com/huggingface/safetensors, "Format".
 */
import { type ByteFile, cutOff, openByteFile } from './byte-file';
import { recogniseName, refuseForeignBytes } from './foreign-bytes';
import { bfloat16ToFloat32, float16ToFloat32 } from './half-floats';
import { isNumber, JsonFile } from './json-file';
import { ModelFileError } from './model-file-error';
import { type ByteRange, refuseOverlaps, type TensorSource } from './tensor-source';

/** Hugging Face's writer allows headers of 100 MB at most. */
const maxHeaderBytes = 100_000_000;

const elementBytes = { F32: 4, F16: 2, BF16: 2 } as const;
type FloatType = keyof typeof elementBytes;

interface TensorEntry extends ByteRange {
  /** Not always one that we read: older GPT-2 files hold their attention mask, as bytes. To read it is an error. */
  readonly type: string;
  readonly shape: readonly number[];
}

/** @throws ModelFileError if the file cannot be read or its header is not consistent */
export function openSafetensors(path: string): TensorSource {
  const file = openByteFile(path);
  try {
    const entries = readHeader(file);
    return {
      names: [...entries.keys()],
      has: name => entries.has(name),
      shape: name => find(path, entries, name).shape,
      read(name, shape) {
        const entry = find(path, entries, name);
        if (!isFloatType(entry.type))
          throw new ModelFileError(
            path,
            `tensor '${name}'`,
            `found ${entry.type}, expected F32, F16 or BF16`,
          );
        if (entry.shape.join() !== shape.join())
          throw new ModelFileError(
            path,
            `tensor '${name}'`,
            `found shape [${entry.shape}], expected [${shape}]`,
          );
        return toFloat32(entry.type, file.read(entry.start, entry.end));
      },
      stored(name) {
        const { type, start, end } = find(path, entries, name);
        return { type, bytes: end - start };
      },
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readHeader(file: ByteFile): Map<string, TensorEntry> {
  const { path, size: fileBytes } = file;
  if (fileBytes === 0 || recogniseName(path) !== undefined) refuseForeignBytes(file, 'safetensors');
  if (fileBytes < 8) throw new ModelFileError(path, 'size', `found ${fileBytes} bytes, expected at least 8`);
  const lengthBytes = file.read(0, 8);
  const headerBytes = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
  const dataStart = 8 + headerBytes;
  // The header is a JSON object, which may begin with blanks.
  const isHeader = headerBytes <= maxHeaderBytes && dataStart <= fileBytes;
  if (!isHeader || !/^\s*\{/.test(new TextDecoder().decode(file.read(8, Math.min(dataStart, 64)))))
    refuseForeignBytes(file, 'safetensors');
  if (!isHeader)
    throw new ModelFileError(
      path,
      'header length',
      `found ${headerBytes}, but the file has ${fileBytes} bytes; ${cutOff}`,
    );

  const header = JsonFile.parse(path, new TextDecoder().decode(file.read(8, dataStart)));
  const entries = new Map<string, TensorEntry>();
  for (const name of header.keys()) {
    if (name === '__metadata__') continue;
    entries.set(name, readEntry(path, name, header.object(name), dataStart, fileBytes));
  }
  refuseOverlaps(path, entries);
  return entries;
}

function readEntry(
  path: string,
  name: string,
  json: JsonFile,
  dataStart: number,
  fileBytes: number,
): TensorEntry {
  const where = `tensor '${name}'`;
  const type: string = json.string('dtype');
  const shape = json.array('shape', isNumber, `the shape of ${where}`);
  const [from, to, ...rest] = json.array('data_offsets', isNumber, `two offsets for ${where}`);
  const elements = shape.reduce((product, size) => product * size, 1);
  const isRange =
    from !== undefined &&
    to !== undefined &&
    rest.length === 0 &&
    Number.isInteger(from) &&
    from >= 0 &&
    to >= from;
  if (!isRange || dataStart + to > fileBytes)
    throw new ModelFileError(
      path,
      where,
      `data_offsets [${from}, ${to}] lie outside the file's ${fileBytes} bytes; ${cutOff}`,
    );
  if (
    !shape.every(size => Number.isInteger(size) && size >= 0) ||
    (isFloatType(type) && elements * elementBytes[type] !== to - from)
  )
    throw new ModelFileError(path, where, `shape [${shape}] of ${type} does not fill its ${to - from} bytes`);
  return { type, shape, start: dataStart + from, end: dataStart + to };
}

function isFloatType(type: string): type is FloatType {
  return Object.hasOwn(elementBytes, type);
}

function find(path: string, entries: ReadonlyMap<string, TensorEntry>, name: string): TensorEntry {
  const entry = entries.get(name);
  if (entry === undefined) throw new ModelFileError(path, `tensor '${name}'`, 'is missing');
  return entry;
}

function toFloat32(type: FloatType, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  switch (type) {
    case 'F32':
      return new Float32Array(bytes.buffer);
    case 'F16':
      return float16ToFloat32(new Uint16Array(bytes.buffer));
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(bytes.buffer));
  }
}
