/** ONNX Runtime's product with rounded weights against plain arithmetic over `dequantise`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import { MatrixProducts } from '../../src/model/matrix-products';
import { GraphBuilder } from '../../src/model/onnx-file/graph-builder';
import { WeightsFile } from '../../src/model/onnx-file/weights-file';
import { dequantise, quantise } from '../../src/model/quantise';
import { temporaryFolder } from '../temporary-folder';
import { gaussian } from './gaussian';
import { relativeError } from './relative-error';

interface Product {
  readonly bits: 4 | 8;
  readonly tokens: number;
  readonly inputs: number;
  readonly outputs: number;
}

it.each<Product>([
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
])('the product of $tokens tokens with $outputs x $inputs in int$bits is exact', async product => {
  const { bits, tokens, inputs, outputs } = product;
  const matrix = gaussian(outputs * inputs, { seed: 5 });
  const x = exactActivations(tokens, inputs);
  const bias = gaussian(outputs, { deviation: 10, seed: 7 });
  const y = await run(matrix, x, bias, product);
  const stored = dequantise(quantise(matrix, outputs, inputs, bits));
  const expected = Float32Array.from({ length: tokens * outputs }, (_, i) => {
    let sum = bias[i % outputs]!;
    for (let k = 0; k < inputs; k++)
      sum += x[Math.floor(i / outputs) * inputs + k]! * stored[(i % outputs) * inputs + k]!;
    return sum;
  });
  expect(relativeError(y, expected)).toBeLessThan(1e-6);
});

/** Whole numbers with 127 in every block: rounding them to int8, as the operator does, changes nothing. */
function exactActivations(tokens: number, inputs: number): Float32Array {
  const x = gaussian(tokens * inputs, { deviation: 40, seed: 3 }).map(value =>
    Math.max(-127, Math.min(127, Math.round(value))),
  );
  for (let token = 0; token < tokens; token++)
    for (let k = 0; k < inputs; k += 32) x[token * inputs + k] = 127;
  return x;
}

/** `x W^T + bias` as the graph computes it. */
async function run(
  matrix: Float32Array,
  x: Float32Array,
  bias: Float32Array,
  { bits, tokens, inputs, outputs }: Product,
): Promise<Float32Array> {
  const folder = temporaryFolder();
  const weights = new WeightsFile(join(folder, 'weights'), 'weights');
  const builder = new GraphBuilder(weights);
  const products = new MatrixProducts(builder, sourceOf({ matrix, bias }), bits);
  const input = builder.input('x', 'float', [1, 'n', inputs]);
  const y = products.transposed(input, { name: 'matrix', outputs, bias: 'bias' }, inputs);
  builder.output('y', y, [1, 'n', outputs]);
  writeFileSync(join(folder, 'model.onnx'), builder.finish({}));
  weights.close();

  const session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 });
  const result = await session.run({ x: new Tensor('float32', x, [1, tokens, inputs]) });
  return Float32Array.from(result['y']!.data as Float32Array);
}

function sourceOf(tensors: Readonly<Record<string, Float32Array>>): TensorSource {
  return {
    names: Object.keys(tensors),
    has: name => name in tensors,
    shape: name => [tensors[name]!.length],
    read: name => tensors[name]!,
    close: () => undefined,
  };
}
