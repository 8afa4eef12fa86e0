/** Perplexity and its ratio on models whose probabilities are written down here. */
import { expect, it } from 'vitest';
import { logProbsOf, perplexityOf } from '../../../bench/parity/perplexity';
import { divergence, perplexityRatio, sampleTexts } from '../../../bench/parity/perplexity-ratio';
import type { Decoder } from '../../../src/generation/decoder';
import { KvCache } from '../../../src/generation/kv-cache';

/** A model that depends on the last id only: after `i` comes `j` with probability `table[i][j]`. */
function chain(table: readonly (readonly number[])[]): Decoder {
  const vocabulary = table.length;
  const sizes = { vocabulary, layers: 0, kvHeads: 1, headDim: 1, contextLength: 1000 };
  return {
    sizes,
    createCache: (capacity = sizes.contextLength) => new KvCache({ ...sizes, contextLength: capacity }),
    async run(ids, cache, wanted) {
      cache.append(ids, () => ({ key: new Float32Array(0), value: new Float32Array(0) }));
      return Float32Array.from(wanted.flatMap(at => table[ids[at]!]!.map(Math.log)));
    },
  };
}

const fair = chain([
  [0.5, 0.5],
  [0.5, 0.5],
]);
const biased = chain([
  [0.8, 0.2],
  [0.2, 0.8],
]);

it('gives a fair coin a perplexity of 2, over several documents and several runs', async () => {
  const documents = [Array.from({ length: 150 }, (_, i) => i % 2), [0, 1]];
  const logProbs = await logProbsOf(fair, documents);
  expect(logProbs).toHaveLength(149 + 1);
  expect(perplexityOf(logProbs)).toBeCloseTo(2, 6);
});

it('takes the probability of each token after the one before it', async () => {
  const logProbs = await logProbsOf(biased, [[0, 0, 1, 1]]);
  expect(logProbs.map(Math.exp)).toEqual([0.8, 0.2, 0.8].map(share => expect.closeTo(share, 6)));
});

it('has a ratio of 1 for a copy, and of the exponential of the divergence for another model', async () => {
  const texts = await sampleTexts(biased, 2, 100);
  expect(await perplexityRatio(biased, texts)).toBeCloseTo(1, 6);
  const cost = 0.8 * Math.log(0.8 / 0.5) + 0.2 * Math.log(0.2 / 0.5);
  expect(await perplexityRatio(fair, texts)).toBeCloseTo(Math.exp(cost), 5);
});

it('samples texts with the probabilities of the model', async () => {
  const [text] = await sampleTexts(biased, 1, 900);
  const stays = text!.ids.filter((id, at) => at > 0 && id === text!.ids[at - 1]).length / 899;
  expect(stays).toBeGreaterThan(0.75);
  expect(stays).toBeLessThan(0.85);
});

it('has the same divergence if a constant is added to all logits', () => {
  const row = Float32Array.of(1, 2, 3);
  expect(
    divergence(
      row,
      row.map(logit => logit + 50),
    ),
  ).toBeCloseTo(0, 5);
});
