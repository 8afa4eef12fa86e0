/**
 * How much perplexity rounding costs a model with random weights. Every real text surprises such a model equally, and a
 * rounded copy may be less surprised by chance. So the texts are drawn from the float model itself. At each place we take
 * the expectation over the next token, not the token that was drawn.
 *
 * The mean of `KL(float || rounded)` is the cost of a token. Its exponential is the ratio of the perplexities: at least 1,
 * and 1 only if rounding changed nothing.
 */
import type { Decoder } from '../../src/generation/decoder';
import { greedy } from '../../src/generation/engine';
import { createSampler } from '../../src/generation/sampler';
import { forEachRow, logSumExp } from './perplexity';

export interface SampledText {
  readonly ids: readonly number[];
  /** The float model's logits after each id. */
  readonly logits: readonly Float32Array[];
}

/** Draws texts of `length` tokens from the model. Only their first token is given. */
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
      // A copy, because the sampler may overwrite its logits.
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
