import { expect, it } from 'vitest';
import { createTimedGeneration } from '../../../bench/measure/timed-generation';
import type { Decoder } from '../../../src/generation/decoder';
import { chunkLengthFor } from '../../../src/generation/generate';
import { KvCache } from '../../../src/generation/kv-cache';

const sizes = { vocabulary: 2, layers: 12, kvHeads: 0, headDim: 0, contextLength: 256 };

/** A model that always writes id 1. `runs` gets the number of tokens of each run. */
function createDecoder(runs: number[]): Decoder {
  return {
    sizes,
    createCache: () => new KvCache(sizes),
    async run(ids, cache, wanted) {
      runs.push(ids.length);
      cache.append(ids, () => ({ key: new Float32Array(0), value: new Float32Array(0) }));
      return Float32Array.from(wanted.flatMap(() => [0, 1]));
    },
  };
}

it.each([
  ['the 46M shape of bench:engine', { layers: 12, width: 512 }, 32],
  ['LLaMA-7B of bench:sizes', { layers: 32, width: 4096 }, 8],
])('prefills in the chunks of the engine: %s', async (_, shape, length) => {
  expect(chunkLengthFor(shape)).toBe(length);
  const runs: number[] = [];
  const generate = await createTimedGeneration(createDecoder(runs), shape);
  runs.length = 0;
  await generate(new Array<number>(40).fill(0), 2);
  const whole = new Array<number>(Math.floor(40 / length)).fill(length);
  expect(runs).toEqual([...whole, ...(40 % length > 0 ? [40 % length] : []), 1]);
});

it('computes only what its cache lacks', async () => {
  const runs: number[] = [];
  const generate = await createTimedGeneration(createDecoder(runs), { layers: 1, width: 1 });
  const ids = new Array<number>(40).fill(0);
  await generate(ids, 1);
  runs.length = 0;
  const { ids: written } = await generate([...ids, 0, 0], 3);
  expect(written).toEqual([1, 1, 1]);
  expect(runs).toEqual([2, 1, 1]);
});
