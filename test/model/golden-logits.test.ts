/** The decoder graphs against PyTorch and transformers: `train/golden.py` made the numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/engine/decoder';
import { KvCache } from '../../src/engine/kv-cache';
import { argmax } from '../../src/engine/sampler';
import { buildModel, graphFile } from '../../src/model/build-model';
import type { WeightBits } from '../../src/model/decoder-graph';
import { openOnnxDecoder } from '../../src/runtime/onnx-decoder';
import { temporaryFolder } from '../temporary-folder';

interface Golden {
  readonly ids: readonly number[];
  /** Position -> the whole row of logits. */
  readonly logits: Readonly<Record<string, readonly number[]>>;
  readonly greedy: readonly number[];
}

describe.each(['tiny-llama', 'tiny-gpt2'])('%s', name => {
  const checkpoint = join(__dirname, '../fixtures', name);
  const golden: Golden = JSON.parse(readFileSync(join(checkpoint, 'golden.json'), 'utf8'));

  async function open(bits: WeightBits): Promise<Decoder> {
    const folder = temporaryFolder();
    const shape = buildModel(checkpoint, folder, { bits });
    return openOnnxDecoder(join(folder, graphFile), shape, { threads: 1 });
  }

  /** The largest difference from the reference when the prompt is run in pieces of `lengths`. */
  async function largestDifference(decoder: Decoder, lengths: readonly number[]): Promise<number> {
    const cache = new KvCache(decoder.sizes);
    let difference = 0;
    let from = 0;
    for (const length of lengths) {
      const ids = golden.ids.slice(from, from + length);
      const wanted = ids.map((_, place) => place).filter(place => golden.logits[from + place]);
      const logits = await decoder.run(ids, cache, wanted);
      for (const [row, place] of wanted.entries())
        for (const [id, expected] of golden.logits[from + place]!.entries())
          difference = Math.max(
            difference,
            Math.abs(logits[row * decoder.sizes.vocabulary + id]! - expected),
          );
      from += length;
    }
    expect(from).toBe(golden.ids.length);
    return difference;
  }

  it('gives the logits of transformers in one run, in chunks and token by token', async () => {
    const decoder = await open(32);
    expect(await largestDifference(decoder, [24])).toBeLessThan(1e-4);
    expect(await largestDifference(decoder, [7, 1, 9, 7])).toBeLessThan(1e-4);
    expect(await largestDifference(decoder, Array(24).fill(1))).toBeLessThan(1e-4);
  });

  it('continues greedily with the tokens of transformers', async () => {
    const decoder = await open(32);
    const cache = new KvCache(decoder.sizes);
    let next = argmax(await decoder.run(golden.ids, cache, [golden.ids.length - 1]));
    const continuation = [next];
    while (continuation.length < golden.greedy.length) {
      next = argmax(await decoder.run([next], cache, [0]));
      continuation.push(next);
    }
    expect(continuation).toEqual(golden.greedy);
  });

  it('gives the same logits after going back to a shared beginning', async () => {
    const decoder = await open(32);
    const cache = new KvCache(decoder.sizes);
    const straight = (await decoder.run(golden.ids, cache, [23])).slice();
    cache.rewind(10);
    await decoder.run([5, 6, 7], cache, [2]);
    cache.rewind(10);
    const again = await decoder.run(golden.ids.slice(10), cache, [13]);
    for (const [id, logit] of again.entries()) expect(logit).toBeCloseTo(straight[id]!, 4);
  });

  it('runs a chunk whose logits nobody asks for', async () => {
    const decoder = await open(8);
    const cache = new KvCache(decoder.sizes);
    expect(await decoder.run(golden.ids, cache, [])).toHaveLength(0);
    expect(cache.length).toBe(24);
  });
});
