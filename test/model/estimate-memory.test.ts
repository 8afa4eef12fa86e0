/** Compares the estimated memory of a checkpoint with the graph that is built from it. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WeightBits } from '../../src/checkpoint/model-source';
import { buildModel, graphFile } from '../../src/model/build-model';
import { estimateMemory } from '../../src/model/estimate-memory';
import { decodeModel } from '../../src/model/onnx-file/onnx-schema';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { ggufOfTinyGpt2, ggufOfTinyLlama, packQ4_1, packQ8_0 } from '../checkpoint/gguf-of-fixture';
import { type GgufParts, ggufBytes } from '../checkpoint/write-gguf';
import { temporaryFolder } from '../temporary-folder';

const fixture = (name: string) => join(__dirname, '../fixtures', name);

function gguf(parts: GgufParts): string {
  const path = join(temporaryFolder(), 'model.gguf');
  writeFileSync(path, ggufBytes(parts));
  return path;
}

/** Bytes that a built graph uses of its weights file, without the tables of angles, which are not in the checkpoint. */
function builtBytes(checkpoint: string, bits: WeightBits): number {
  const folder = temporaryFolder();
  buildModel(checkpointAt(checkpoint), folder, { bits });
  const ranges = new Map<string, number>();
  for (const { name, externalData } of decodeModel(readFileSync(join(folder, graphFile))).graph.initializer) {
    const read = (key: string) => externalData?.find(entry => entry.key === key)?.value;
    if (externalData?.length && !/^rotary/.test(name)) ranges.set(read('offset')!, Number(read('length')));
  }
  return [...ranges.values()].reduce((sum, length) => sum + length, 0);
}

describe('the estimated weights are those of the built file', () => {
  it.each<[string, () => string, readonly WeightBits[]]>([
    ['a table of its own', () => fixture('tiny-llama'), [32, 8, 4]],
    ['a tied table', () => fixture('tiny-qwen2'), [32, 8, 4]],
    ['a tied table and one of positions', () => fixture('tiny-gpt2'), [32, 4]],
    [
      'stored blocks that serve for the lookup too',
      () => gguf(ggufOfTinyGpt2(fixture('tiny-gpt2'), packQ8_0)),
      ['stored', 32, 8, 4],
    ],
    [
      'stored blocks with minimums, which do not',
      () => gguf(ggufOfTinyGpt2(fixture('tiny-gpt2'), packQ4_1)),
      ['stored', 4],
    ],
    [
      'stored blocks and an output matrix',
      () => gguf(ggufOfTinyLlama(fixture('tiny-llama'), packQ4_1)),
      ['stored', 32, 4],
    ],
  ])('of %s', (_, make, allBits) => {
    const checkpoint = make();
    for (const bits of allBits)
      expect([bits, estimateMemory(checkpointAt(checkpoint), bits, 2048).weights]).toEqual([
        bits,
        builtBytes(checkpoint, bits),
      ]);
  });
});

describe('the KV cache', () => {
  /** Keys and values of 3 layers, 2 heads of 16, and the blank row. */
  const bytes = (tokens: number, each: number) => 2 * 3 * (tokens + 1) * 2 * 16 * each;

  it.each([
    ['half floats', 8, 2],
    ['half floats', 'stored', 2],
    ['floats', 32, 4],
  ] as const)('is of %s at %s bits', (_, bits, each) => {
    expect(estimateMemory(checkpointAt(fixture('tiny-llama')), bits, 2048).cache).toBe(bytes(128, each));
  });

  it('is as long as the window if the model could take more', () => {
    const folder = temporaryFolder();
    cpSync(fixture('tiny-llama'), folder, { recursive: true });
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ ...config, max_position_embeddings: 131_072 }),
    );
    expect(estimateMemory(checkpointAt(folder), 8, 2048).cache).toBe(bytes(2048, 2));
  });
});

describe('beside its weights, the bundled model', () => {
  const starter = join(__dirname, '../../models/sotto-starter');

  it.each([32, 8, 4] as const)('needs the process and the table for the lookup, with %s bits', bits => {
    const { weights, cache, total } = estimateMemory(checkpointAt(starter), bits, 1024);
    const table = 8192 * 256 * (bits === 32 ? 4 : 1);
    // At 4 bits the table has blocks of its own in the file already.
    const beside = total - weights - cache - (bits === 4 ? 0 : table);
    expect(beside).toBeGreaterThanOrEqual(110e6);
    expect(beside).toBeLessThan(112e6);
  });
});
