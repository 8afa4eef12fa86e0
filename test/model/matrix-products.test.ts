/** ONNX Runtime's products with blocks of integers, compared with plain arithmetic over the values of the blocks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { ggmlTypes } from '../../src/checkpoint/ggml-blocks';
import type { WeightBits } from '../../src/checkpoint/model-source';
import { BlockPacker } from '../../src/checkpoint/read-ggml';
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import { MatrixProducts } from '../../src/model/matrix-products';
import { GraphBuilder, type Value } from '../../src/model/onnx-file/graph-builder';
import { WeightsFile } from '../../src/model/onnx-file/weights-file';
import { dequantise, quantise } from '../../src/model/quantise';
import { temporaryFolder } from '../temporary-folder';
import { gaussian } from './gaussian';
import { relativeError } from './relative-error';

/**
 * Rows of whole numbers, with 127 in each block. The operator rounds its input to int8, which changes nothing here.
 */
function exactActivations(tokens: number, inputs: number, blockSize: number): Float32Array {
  return gaussian(tokens * inputs, { deviation: 40, seed: 3 }).map((value, i) =>
    (i % inputs) % blockSize === 0 ? 127 : Math.max(-127, Math.min(127, Math.round(value))),
  );
}

/** `x W + bias`, by definition. `x` has rows of `inputs`, `matrix` is W transposed, `[outputs, inputs]`. */
function productOf(x: Float32Array, matrix: Float32Array, inputs: number, bias?: Float32Array): Float32Array {
  const outputs = matrix.length / inputs;
  return Float32Array.from({ length: (x.length / inputs) * outputs }, (_, i) => {
    let sum = bias?.[i % outputs] ?? 0;
    for (let k = 0; k < inputs; k++)
      sum += x[Math.floor(i / outputs) * inputs + k]! * matrix[(i % outputs) * inputs + k]!;
    return sum;
  });
}

/** Runs a graph with the input `x`, in rows of `inputs`, and the output that `write` returns. */
async function run(
  source: TensorSource,
  bits: WeightBits,
  x: Float32Array,
  inputs: number,
  write: (products: MatrixProducts, x: Value, builder: GraphBuilder) => Value,
): Promise<Float32Array> {
  const folder = temporaryFolder();
  const weights = new WeightsFile(join(folder, 'weights'), 'weights');
  const builder = new GraphBuilder(weights);
  const input = builder.input('x', 'float', [1, 'n', inputs]);
  const y = write(new MatrixProducts(builder, source, bits), input, builder);
  builder.output('y', y, [1, 'n', 'outputs']);
  writeFileSync(join(folder, 'model.onnx'), builder.finish({}));
  weights.close();

  const session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 });
  const result = await session.run({ x: new Tensor('float32', x, [1, x.length / inputs, inputs]) });
  return Float32Array.from(result['y']!.data as Float32Array);
}

describe('rounded weights', () => {
  it.each([
    { bits: 8, tokens: 1, inputs: 96, outputs: 16 },
    { bits: 8, tokens: 5, inputs: 96, outputs: 16 },
    { bits: 4, tokens: 1, inputs: 96, outputs: 16 },
    { bits: 4, tokens: 5, inputs: 96, outputs: 16 },
    { bits: 8, tokens: 1, inputs: 256, outputs: 16 },
    { bits: 8, tokens: 5, inputs: 704, outputs: 16 },
    { bits: 8, tokens: 1, inputs: 80, outputs: 7 },
    { bits: 8, tokens: 5, inputs: 80, outputs: 7 },
    { bits: 4, tokens: 1, inputs: 80, outputs: 7 },
    { bits: 4, tokens: 5, inputs: 80, outputs: 7 },
  ] as const)(
    'multiply $tokens tokens with $outputs x $inputs in int$bits without an error',
    async product => {
      const { bits, tokens, inputs, outputs } = product;
      const matrix = gaussian(outputs * inputs, { seed: 5 });
      const x = exactActivations(tokens, inputs, 32);
      const bias = gaussian(outputs, { deviation: 10, seed: 7 });
      const y = await run(sourceOf({ matrix, bias }), bits, x, inputs, (products, x) =>
        products.linear(x, { name: 'matrix', outputs, bias: 'bias' }, inputs),
      );
      const stored = dequantise(quantise(matrix, outputs, inputs, bits));
      expect(relativeError(y, productOf(x, stored, inputs, bias))).toBeLessThan(1e-6);
    },
  );

  function sourceOf(tensors: Readonly<Record<string, Float32Array>>): TensorSource {
    return {
      names: Object.keys(tensors),
      has: name => name in tensors,
      shape: name => [tensors[name]!.length],
      read: name => tensors[name]!,
      close: () => undefined,
    };
  }
});

describe('the blocks of a GGUF file', () => {
  const golden: {
    readonly types: Record<string, { readonly bytes: string; readonly values: string }>;
  } = JSON.parse(readFileSync(join(__dirname, '../fixtures/gguf/types.json'), 'utf8'));
  const names = Object.keys(golden.types).filter(name => !['F32', 'F16', 'BF16'].includes(name));

  it.each(
    names.flatMap(name => [
      [name, 'alone', false] as const,
      [name, 'and its rows are looked up too', true] as const,
    ]),
  )('of type %s multiply as their values do, %s', async (name, _, isTable) => {
    const { bytes, values: expected } = golden.types[name]!;
    const type = [...ggmlTypes.values()].find(each => each.name === name)!;
    const values = new Float32Array(Uint8Array.from(Buffer.from(expected, 'base64')).buffer);
    const columns = type.blockElements;
    const rows = values.length / columns;
    const packer = new BlockPacker(type, rows, columns);
    packer.add(Buffer.from(bytes, 'base64'));
    const blocks = packer.finish();
    const source: TensorSource = {
      names: ['matrix'],
      has: each => each === 'matrix',
      shape: () => [rows, columns],
      read: () => values,
      readBlocks: () => blocks,
      close: () => undefined,
    };
    const x = exactActivations(3, columns, 16);
    const y = await run(source, 'stored', x, columns, (products, x, builder) => {
      if (isTable) {
        const found = products.lookUp('matrix', [rows, columns], builder.ints([0], [1, 1]));
        builder.output('rows', found, [1, 1, columns]);
      }
      return products.linear(x, { name: 'matrix', outputs: rows }, columns);
    });
    expect(relativeError(y, productOf(x, values, columns))).toBeLessThan(1e-5);
  });
});
