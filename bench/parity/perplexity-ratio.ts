/**
 * How much perplexity rounding costs a model that no text suits: its weights are random, so all texts surprise it alike
 * and a rounded copy may be less surprised by chance. So the texts are the float model's own, drawn from it, and at each
 * place the expectation over the next token is taken instead of the one that was drawn. The mean of
 * `KL(float || rounded)` is what a token costs, its exponential the ratio of the perplexities: 1 or more, and 1 only
 * where nothing changed.
 */
import type { Decoder } from '../../src/generation/decoder';
import { greedy } from '../../src/generation/engine';
import { createSampler } from '../../src/generation/sampler';
import { forEachRow, logSumExp } from './perplexity';

export interface SampledText {
  readonly ids: readonly number[];
  /** The float model's logits after each of them. */
  readonly logits: readonly Float32Array[];
}

/** Texts of `length` tokens drawn from the model itself, the first token aside. */
export async function sampleTexts(decoder: Decoder, count: number, length: number): Promise<SampledText[]> {
  const texts: SampledText[] = [];
  for (let seed = 0; seed < count; seed++) {
    const sample = createSampler({ ...greedy, temperature: 1, seed });
    const cache = decoder.createCache(length);
    const ids = [(seed * 7919) % decoder.sizes.vocabulary];
    const logits: Float32Array[] = [];
    for (let at = 0; at < length; at++) {
      const row = (await decoder.run([ids[at]!], cache, [0])).slice();
      logits.push(row);
      // The sampler may overwrite what it is given.
      if (at + 1 < length) ids.push(sample(row.slice(), ids).id);
    }
    texts.push({ ids, logits });
  }
  return texts;
}

export async function perplexityRatio(rounded: Decoder, texts: readonly SampledText[]): Promise<number> {
  let sum = 0;
  let places = 0;
  for (const { ids, logits } of texts)
    await forEachRow(rounded, ids, (row, at) => {
      sum += divergence(logits[at]!, row);
      places++;
    });
  return Math.exp(sum / places);
}

/** `KL(p || q)` of the softmax of two rows of logits, in nats (Kullback and Leibler, 1951). */
export function divergence(p: Float32Array, q: Float32Array): number {
  const [logTotalP, logTotalQ] = [logSumExp(p), logSumExp(q)];
  let sum = 0;
  for (let id = 0; id < p.length; id++) {
    const logP = p[id]! - logTotalP;
    sum += Math.exp(logP) * (logP - (q[id]! - logTotalQ));
  }
  return sum;
}
