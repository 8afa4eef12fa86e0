/** ONNX Runtime's product with a GGUF's own blocks, of each type, against the values that they stand for. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { ggmlTypes, type MatrixBlocks } from '../../src/checkpoint/ggml-blocks';
import { BlockPacker } from '../../src/checkpoint/read-ggml';
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import { MatrixProducts } from '../../src/model/matrix-products';
import { GraphBuilder } from '../../src/model/onnx-file/graph-builder';
import { WeightsFile } from '../../src/model/onnx-file/weights-file';
import { temporaryFolder } from '../temporary-folder';
import { gaussian } from './gaussian';
import { relativeError } from './relative-error';

const golden: {
  readonly types: Record<string, { readonly bytes: string; readonly values: string }>;
} = JSON.parse(readFileSync(join(__dirname, '../fixtures/gguf/types.json'), 'utf8'));
const names = Object.keys(golden.types).filter(name => !['F32', 'F16', 'BF16'].includes(name));

it.each(
  names.flatMap(name => [
    [name, 'alone', false] as const,
    [name, 'and its rows are looked up', true] as const,
  ]),
)('%s multiplies as its values do, %s', async (name, _, isTable) => {
  const type = [...ggmlTypes.values()].find(each => each.name === name)!;
  const values = new Float32Array(Uint8Array.from(Buffer.from(golden.types[name]!.values, 'base64')).buffer);
  const columns = type.blockElements;
  const rows = values.length / columns;
  const packer = new BlockPacker(type, rows, columns);
  packer.add(Buffer.from(golden.types[name]!.bytes, 'base64'));
  const tokens = 3;
  const x = exactActivations(tokens * columns);
  const expected = Float32Array.from({ length: tokens * rows }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < columns; k++)
      sum += x[Math.floor(i / rows) * columns + k]! * values[(i % rows) * columns + k]!;
    return sum;
  });
  const matrix = { blocks: packer.finish(), values, isTable };
  expect(relativeError(await product(matrix, x, tokens), expected)).toBeLessThan(1e-5);
});

/** Whole numbers with 127 in each 16: rounding them to int8, as the operator does, changes nothing. */
function exactActivations(length: number): Float32Array {
  return gaussian(length, { deviation: 40, seed: 3 }).map((value, i) =>
    i % 16 === 0 ? 127 : Math.max(-127, Math.min(127, Math.round(value))),
  );
}

interface StoredMatrix {
  readonly blocks: MatrixBlocks;
  readonly values: Float32Array;
  /** The first rows are the output `rows`, as a tied table's of embeddings are. */
  readonly isTable: boolean;
}

/** `x W^T` as the graph of 'stored' computes it. */
async function product(
  { blocks: matrix, values, isTable }: StoredMatrix,
  x: Float32Array,
  tokens: number,
): Promise<Float32Array> {
  const folder = temporaryFolder();
  const weights = new WeightsFile(join(folder, 'weights'), 'weights');
  const builder = new GraphBuilder(weights);
  const source: TensorSource = {
    names: ['matrix'],
    has: name => name === 'matrix',
    shape: () => [matrix.rows, matrix.columns],
    read: () => values,
    readBlocks: () => matrix,
    close: () => undefined,
  };
  const products = new MatrixProducts(builder, source, 'stored');
  if (isTable) {
    const rows = products.rows('matrix', [matrix.rows, matrix.columns], builder.ints([0], [1, 1]));
    builder.output('rows', rows, [1, 1, matrix.columns]);
  }
  const input = builder.input('x', 'float', [1, 'n', matrix.columns]);
  const y = products.transposed(input, { name: 'matrix', outputs: matrix.rows }, matrix.columns);
  builder.output('y', y, [1, 'n', matrix.rows]);
  writeFileSync(join(folder, 'model.onnx'), builder.finish({}));
  weights.close();

  const session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 });
  const result = await session.run({ x: new Tensor('float32', x, [1, tokens, matrix.columns]) });
  return Float32Array.from(result['y']!.data as Float32Array);
}
