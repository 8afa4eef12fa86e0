/** Compares the decoder graphs with transformers on PyTorch. `train/golden.py` made the numbers. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WeightBits } from '../../src/checkpoint/model-source';
import type { Decoder } from '../../src/generation/decoder';
import { greedy } from '../../src/generation/engine';
import { argmax, createSampler } from '../../src/generation/sampler';
import { buildModel, graphFile } from '../../src/model/build-model';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { temporaryFolder } from '../temporary-folder';
import {
  checkpointNames,
  largestDifference,
  logitsInRuns,
  readGolden,
  referenceLogits,
} from './golden-checkpoint';

const fixtures = join(__dirname, '../fixtures');

describe.each(checkpointNames(fixtures))('%s', name => {
  const checkpoint = join(fixtures, name);
  const golden = readGolden(checkpoint);

  async function open(bits: WeightBits): Promise<Decoder> {
    const folder = temporaryFolder();
    const shape = buildModel(checkpointAt(checkpoint), folder, { bits });
    return openOnnxDecoder(join(folder, graphFile), shape, { threads: 1 });
  }

  it('gives the logits of transformers in one run, in chunks and token by token', async () => {
    const decoder = await open(32);
    for (const lengths of [[24], [7, 1, 9, 7], Array(24).fill(1)]) {
      const logits = await logitsInRuns(decoder, golden, lengths);
      expect(largestDifference(logits, referenceLogits(golden))).toBeLessThan(1e-5);
    }
  });

  it('continues greedily with the tokens of transformers', async () => {
    const decoder = await open(32);
    const cache = decoder.createCache();
    let next = argmax(await decoder.run(golden.ids, cache, [golden.ids.length - 1]));
    const continuation = [next];
    while (continuation.length < golden.greedy.length) {
      next = argmax(await decoder.run([next], cache, [0]));
      continuation.push(next);
    }
    expect(continuation).toEqual(golden.greedy);
  });

  it('gives the likeliest token of each wanted place without its logits', async () => {
    const decoder = await open(32);
    const wanted = [3, 11, 23];
    const { vocabulary } = decoder.sizes;
    const logits = await decoder.run(golden.ids, decoder.createCache(), wanted);
    const likeliest = createSampler(greedy);
    const rows = wanted.map((_, row) => logits.slice(row * vocabulary, (row + 1) * vocabulary));
    const best = await decoder.runGreedy!(golden.ids, decoder.createCache(), wanted);
    for (const [row, { id, logProb }] of rows.map(row => likeliest(row, [])).entries()) {
      expect(best[row]!.id).toBe(id);
      expect(best[row]!.logProb).toBeCloseTo(logProb, 5);
    }
  });

  it('gives the same logits after going back to a shared beginning', async () => {
    const decoder = await open(32);
    const cache = decoder.createCache();
    const straight = [...(await decoder.run(golden.ids, cache, [23]))];
    cache.rewind(10);
    await decoder.run([5, 6, 7], cache, [2]);
    cache.rewind(10);
    const again = [...(await decoder.run(golden.ids.slice(10), cache, [13]))];
    expect(largestDifference(again, straight)).toBeLessThan(1e-5);
  });

  it('runs a chunk of which no logits are wanted', async () => {
    const decoder = await open(8);
    const cache = decoder.createCache();
    expect(await decoder.run(golden.ids, cache, [])).toHaveLength(0);
    expect(cache.length).toBe(24);
  });
});
