import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/generation/decoder';
import { createPredictor } from '../../src/generation/predict';
import { greedy } from '../../src/generation/sampler';
import { scriptedDecoder } from './scripted-decoder';

/** A model that counts, and that says of greedy answers that they are another's. */
function bothWays(): Decoder {
  const decoder = scriptedDecoder(ids => ids.at(-1)! + 1);
  return {
    ...decoder,
    runGreedy: async (ids, _, wanted) => wanted.map(at => ({ id: ids[at]! + 50, logProb: -1 })),
  };
}

async function idsOf(decoder: Decoder, sampling = greedy): Promise<number[]> {
  const predicted = await createPredictor(decoder, decoder.createCache(), sampling)([1, 2, 3], [0, 2]);
  return [0, 1].map(row => predicted(row, [1, 2, 3]).id);
}

describe('next tokens', () => {
  it('come from the decoder itself where decoding is greedy', async () => {
    expect(await idsOf(bothWays())).toEqual([51, 53]);
  });

  it.each([
    ['drawn', { ...greedy, temperature: 0.1 }],
    ['kept from repeating', { ...greedy, repetitionPenalty: 1.1 }],
  ])('come from the logits where they are %s', async (_, sampling) => {
    expect(await idsOf(bothWays(), sampling)).toEqual([2, 4]);
  });

  it('come from the logits of a decoder that gives only those', async () => {
    expect(await idsOf(scriptedDecoder(ids => ids.at(-1)! + 1))).toEqual([2, 4]);
  });
});
