/** How much tokens surprise a model. Knows ids and logits, no text. */
import type { Decoder } from '../../src/generation/decoder';

/** Tokens of a run: each of them has a row of logits in memory. */
const chunkLength = 64;

/** The exponential of the mean surprise, in nats a token. */
export function perplexityOf(logProbs: readonly number[]): number {
  return Math.exp(-logProbs.reduce((sum, logProb) => sum + logProb, 0) / logProbs.length);
}

/** The log probability of each token after the first, given those before it in the same document. */
export async function logProbsOf(
  decoder: Decoder,
  documents: readonly (readonly number[])[],
): Promise<number[]> {
  const logProbs: number[] = [];
  for (const ids of documents)
    await forEachRow(decoder, ids.slice(0, -1), (logits, at) =>
      logProbs.push(logits[ids[at + 1]!]! - logSumExp(logits)),
    );
  return logProbs;
}

/** Runs `ids` from an empty cache and hands on the logits after each, valid within the call. */
export async function forEachRow(
  decoder: Decoder,
  ids: readonly number[],
  use: (logits: Float32Array, at: number) => void,
): Promise<void> {
  const { vocabulary } = decoder.sizes;
  const cache = decoder.createCache(ids.length);
  for (let from = 0; from < ids.length; from += chunkLength) {
    const chunk = ids.slice(from, from + chunkLength);
    const logits = await decoder.run(chunk, cache, [...chunk.keys()]);
    for (const row of chunk.keys())
      use(logits.subarray(row * vocabulary, (row + 1) * vocabulary), from + row);
  }
}

export function logSumExp(logits: Float32Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const logit of logits) top = Math.max(top, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  return top + Math.log(sum);
}
