/** The variant of the graph that returns what each head looked at. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WeightBits } from '../../src/checkpoint/model-source';
import { openWeights, readConfig } from '../../src/checkpoint/open-checkpoint';
import { readLlamaConfig } from '../../src/model/architectures/llama';
import { buildModel, graphFile } from '../../src/model/build-model';
import { openAttentionGraph } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { temporaryFolder } from '../temporary-folder';
import { checkpointNames, largestDifference, readGolden, referenceLogits } from './golden-checkpoint';
import { runPlainLlama } from './plain-llama';

const fixtures = join(__dirname, '../fixtures');

async function run(name: string, bits: WeightBits = 32) {
  const checkpoint = join(fixtures, name);
  const folder = temporaryFolder();
  const shape = buildModel(checkpointAt(checkpoint), folder, { bits, showsAttention: true });
  const { ids } = readGolden(checkpoint);
  const runAll = await openAttentionGraph(join(folder, graphFile), shape, { threads: 1 });
  return { shape, ids, ...(await runAll(ids)) };
}

/** Every layer, every head, every token: the weights of the tokens up to itself, and of those after it. */
function eachRow(
  { shape, ids, weights }: Awaited<ReturnType<typeof run>>,
  check: (row: Float32Array, token: number) => void,
): void {
  const n = ids.length;
  for (let layer = 0; layer < shape.layers; layer++)
    for (let head = 0; head < shape.heads; head++) {
      const all = weights(layer, head);
      expect(all).toHaveLength(n * n);
      for (let token = 0; token < n; token++) check(all.subarray(token * n, (token + 1) * n), token);
    }
}

describe.each(checkpointNames(fixtures))('%s', name => {
  it('looks at the tokens up to the own one only, with weights of the sum 1', async () => {
    const found = await run(name);
    eachRow(found, (row, token) => {
      expect(row.subarray(token + 1).every(weight => weight === 0)).toBe(true);
      expect(row.every(weight => weight >= 0)).toBe(true);
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    });
  });

  it('computes the same logits as without them', async () => {
    const { logits, ids, shape } = await run(name);
    const golden = readGolden(join(fixtures, name));
    const rows = Object.keys(golden.logits).flatMap(position => {
      const start = Number(position) * shape.vocabulary;
      return [...logits.subarray(start, start + shape.vocabulary)];
    });
    expect(logits).toHaveLength(ids.length * shape.vocabulary);
    expect(largestDifference(rows, referenceLogits(golden))).toBeLessThan(1e-5);
  });
});

describe('LLaMA in plain loops', () => {
  const checkpoint = checkpointAt(join(fixtures, 'tiny-llama'));
  const { ids } = readGolden(join(fixtures, 'tiny-llama'));
  const source = openWeights(checkpoint);
  const plain = runPlainLlama(ids, readLlamaConfig(readConfig(checkpoint)), source);
  source.close();

  it('gives the logits of transformers', () => {
    const golden = readGolden(join(fixtures, 'tiny-llama'));
    const rows = Object.keys(golden.logits).flatMap(position => plain.logits[Number(position)]!);
    expect(largestDifference(rows, referenceLogits(golden))).toBeLessThan(1e-5);
  });

  it('looks where the graph looks: in each layer, with each head, from each token', async () => {
    const { shape, weights } = await run('tiny-llama');
    const n = ids.length;
    for (let layer = 0; layer < shape.layers; layer++)
      for (let head = 0; head < shape.heads; head++) {
        const all = weights(layer, head);
        for (let token = 0; token < n; token++)
          for (const [at, weight] of plain.attention[layer]![head]![token]!.entries())
            expect(Math.abs(all[token * n + at]! - weight)).toBeLessThan(1e-5);
      }
  });
});

it('a layer with a sliding window looks at no token outside it', async () => {
  const window = 8;
  eachRow(await run('tiny-mistral'), (row, token) =>
    expect(row.subarray(0, Math.max(0, token - window + 1)).every(weight => weight === 0)).toBe(true),
  );
});

it('rounded weights look nearly at the same tokens', async () => {
  const [exact, rounded] = [await run('tiny-llama', 32), await run('tiny-llama', 8)];
  const [a, b] = [exact.weights(1, 2), rounded.weights(1, 2)];
  const difference = a.reduce((sum, weight, at) => sum + Math.abs(weight - b[at]!), 0);
  // Of weights whose sum is 1 for each token.
  expect(difference / exact.ids.length).toBeLessThan(0.1);
});

it('the graph of a completion has no such outputs', async () => {
  const folder = temporaryFolder();
  const shape = buildModel(checkpointAt(join(fixtures, 'tiny-llama')), folder, { bits: 32 });
  const runAll = await openAttentionGraph(join(folder, graphFile), shape, { threads: 1 });
  await expect(runAll([1, 2, 3])).rejects.toThrow('attention.0');
});
