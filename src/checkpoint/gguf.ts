/**
 * A GGUF file as a checkpoint: its metadata in the names of a `config.json`, its tensors in Hugging Face's names,
 * shapes and row order (by the tables of gguf-architectures.ts).
 *
 * Tensors are read some rows at a time, so memory holds one tensor and one slice of its bytes, and no more.
 */

import { transpose } from '../common/transpose';
import { blockFormat, type MatrixBlocks, readableTypes } from './ggml-blocks';
import type { RowOrder } from './gguf-architectures';
import { findTensor, readGgufConfig } from './gguf-config';
import type { GgufFile, GgufTensor } from './gguf-file';
import { openGgufParts } from './gguf-parts';
import type { JsonFile } from './json-file';
import { ModelFileError } from './model-file-error';
import { BlockPacker, type Dequantiser, dequantiser } from './read-ggml';
import { joinBlocks, readScaleBlock } from './shared-scales';
import type { StoredTensor, TensorSource } from './tensor-source';

export interface GgufCheckpoint {
  readonly config: JsonFile;
  readonly weights: TensorSource;
}

/** Bytes that are read at once: few, compared with a matrix that is worth slicing. */
const sliceBytes = 1 << 22;

/** @throws ModelFileError if the file is not consistent, or its architecture is not known */
export function openGguf(path: string): GgufCheckpoint {
  const file = openGgufParts(path);
  try {
    const { architecture, config } = readGgufConfig(file);
    const names = new Map<string, MappedTensor>();
    for (const [name, tensor] of file.tensors) {
      const mapped = findTensor(architecture, name);
      if (mapped !== undefined) names.set(mapped.name, { ...mapped, tensor, storedName: name });
      else if (layerTensor.test(name) && !derived.test(name))
        throw new ModelFileError(path, `tensor '${name}'`, 'found it, expected none of this name');
    }
    for (const mapped of names.values()) requireReadable(mapped);
    return { config, weights: tensorSource(file, names) };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * A tensor of a layer that no table maps changes what the model computes, so it is an error. The builder of the graph
 * refuses unread tensors too, but cannot see one that has no name in Hugging Face's words.
 */
const layerTensor = /^blk\.\d+\./;
/** Older converters wrote the angles of positions. They follow from the metadata, so they are left out. */
const derived = /^blk\.\d+\.attn_rot_embd(\.|$)/;

interface MappedTensor {
  readonly tensor: GgufTensor;
  /** Its name in the file. */
  readonly storedName: string;
  /** Undoes the order that llama.cpp's converter gave to its rows. */
  readonly rowOrder?: RowOrder;
  /** The file has `[outputs, inputs]` where Hugging Face has `[inputs, outputs]`. */
  readonly isTransposed?: boolean;
  /** Each value in the file is Hugging Face's plus 1. */
  readonly isPlusOne?: boolean;
}

function tensorSource(file: GgufFile, names: ReadonlyMap<string, MappedTensor>): TensorSource {
  const scaleBlock = readScaleBlock(file.metadata);
  const find = (name: string): MappedTensor => {
    const mapped = names.get(name);
    if (mapped === undefined) throw new ModelFileError(file.path, `tensor '${name}'`, 'is missing');
    return mapped;
  };
  return {
    names: [...names.keys()],
    has: name => names.has(name),
    shape: name => shapeOf(find(name)),
    read: (name, shape) => readTensor(find(name), shape),
    readBlocks(name, outputs, inputs) {
      const mapped = find(name);
      const blocks = readBlocks(mapped, outputs, inputs);
      return blocks && scaleBlock !== undefined ? withLongBlocks(mapped, blocks, scaleBlock) : blocks;
    },
    stored: name => storedTensor(find(name).tensor, scaleBlock),
    close: () => file.close(),
  };
}

/** @param blockSize of the blocks that `readBlocks` returns, if the file says that they share scales */
function storedTensor({ type, start, end }: GgufTensor, blockSize: number | undefined): StoredTensor {
  const blocks = blockFormat(type);
  const sizes = blocks && { ...blocks, blockSize: blockSize ?? blocks.blockSize };
  return { type: type.name, bytes: end - start, ...(sizes && { blocks: sizes }) };
}

/** @throws ModelFileError if the blocks do not share scales as the file says */
function withLongBlocks(mapped: MappedTensor, blocks: MatrixBlocks, blockSize: number): MatrixBlocks {
  const joined = blocks.offsets === undefined ? joinBlocks(blocks, blockSize) : undefined;
  if (joined !== undefined) return joined;
  const expected = `the same scale for every ${blockSize} values of a row, as sotto.scale_block says`;
  throw fault(mapped, `found other scales, expected ${expected}`);
}

function shapeOf({ tensor, isTransposed }: MappedTensor): readonly number[] {
  return isTransposed ? [...tensor.shape].reverse() : tensor.shape;
}

function readTensor(mapped: MappedTensor, shape: readonly number[]): Float32Array {
  const { tensor, rowOrder, isTransposed, isPlusOne } = mapped;
  requireShape(mapped, shapeOf(mapped), shape);
  const dequantise = requireReadable(mapped);
  const [rows, columns] = sizesOf(tensor);
  let values = new Float32Array(rows * columns);
  let at = 0;
  for (const bytes of slices(tensor)) {
    dequantise(bytes, values, at);
    at += (bytes.length / tensor.type.blockBytes) * tensor.type.blockElements;
  }
  if (rowOrder !== undefined) values = permuteRows(values, tensor.shape[0]!, rowOrder);
  if (isTransposed) values = transpose(values, rows, columns);
  return isPlusOne ? values.map(value => value - 1) : values;
}

/** A file is refused when it is opened, not when an import comes to the tensor. */
function requireReadable(mapped: MappedTensor): Dequantiser {
  const { type } = mapped.tensor;
  const dequantise = dequantiser(type);
  if (dequantise !== undefined) return dequantise;
  const expected = `expected one of ${readableTypes.join(', ')}`;
  const advice = 'take another quantisation of the model, such as Q4_K_M';
  throw fault(mapped, `found type ${type.name}, ${expected}: ${advice}`);
}

function readBlocks(mapped: MappedTensor, outputs: number, inputs: number): MatrixBlocks | undefined {
  const { tensor, rowOrder } = mapped;
  requireShape(mapped, tensor.shape, [outputs, inputs]);
  if (blockFormat(tensor.type) === undefined) return undefined;
  const packer = new BlockPacker(tensor.type, outputs, inputs);
  for (const bytes of slices(tensor)) packer.add(bytes);
  const blocks = packer.finish();
  if (rowOrder === undefined) return blocks;
  return {
    ...blocks,
    packed: permuteRows(blocks.packed, outputs, rowOrder),
    scales: permuteRows(blocks.scales, outputs, rowOrder),
    ...(blocks.offsets && { offsets: permuteRows(blocks.offsets, outputs, rowOrder) }),
  };
}

/** The tensor's bytes, whole rows at a time. */
function* slices(tensor: GgufTensor): Generator<Uint8Array<ArrayBuffer>> {
  const [rows] = sizesOf(tensor);
  const rowBytes = (tensor.end - tensor.start) / Math.max(1, rows);
  const step = Math.max(1, Math.floor(sliceBytes / Math.max(1, rowBytes))) * rowBytes;
  for (let at = tensor.start; at < tensor.end; at += step)
    yield tensor.bytes.read(at, Math.min(tensor.end, at + step));
}

function sizesOf({ shape }: GgufTensor): readonly [rows: number, columns: number] {
  return [shape.slice(0, -1).reduce((product, size) => product * size, 1), shape.at(-1) ?? 1];
}

function requireShape(mapped: MappedTensor, found: readonly number[], expected: readonly number[]): void {
  if (found.join() !== expected.join()) throw fault(mapped, `found shape [${found}], expected [${expected}]`);
}

function fault({ tensor, storedName }: MappedTensor, problem: string): ModelFileError {
  return new ModelFileError(tensor.bytes.path, `tensor '${storedName}'`, problem);
}

/** @param data `rows` rows of any length, one after another */
function permuteRows<T extends Float32Array | Uint8Array>(data: T, rows: number, order: RowOrder): T {
  const length = data.length / rows;
  const permuted = data.slice();
  for (let row = 0; row < rows; row++) {
    const from = order(row, rows) * length;
    permuted.set(data.subarray(from, from + length), row * length);
  }
  return permuted as T;
}
