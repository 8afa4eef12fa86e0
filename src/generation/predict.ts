/**
 * From a run of the model to next tokens. Greedy decoding asks a decoder that can for the likeliest tokens alone: a
 * vocabulary of logits costs more to hand over and to look through than a small layer costs to compute.
 */
import { type Constraint, createConstraint } from './constraint';
import type { Decoder } from './decoder';
import { createSampler, type SampledToken, type SamplingOptions } from './sampler';
import type { TokenCache } from './token-cache';

/** What follows the wanted place of number `row`, given the tokens so far, the prompt's included. */
export type Predicted = (row: number, history: readonly number[]) => SampledToken;

/** @returns runs `ids` after what `cache` holds, as `Decoder.run` does; one place at most while `constraint` holds */
export function createPredictor<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  cache: Cache,
  sampling: SamplingOptions,
  constraint: Constraint = createConstraint(),
): (ids: readonly number[], wanted: readonly number[]) => Promise<Predicted> {
  const { runGreedy } = decoder;
  const isGreedy = sampling.temperature === 0 && sampling.repetitionPenalty === 1;
  const sample = createSampler(sampling);
  const { vocabulary } = decoder.sizes;
  return async (ids, wanted) => {
    if (runGreedy !== undefined && isGreedy && !constraint.holds) {
      const best = await runGreedy(ids, cache, wanted);
      return row => best[row]!;
    }
    const logits = await decoder.run(ids, cache, wanted);
    return (row, history) => {
      const following = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
      constraint.restrict(following);
      const sampled = sample(following, history);
      constraint.take(sampled.id);
      return sampled;
    };
  };
}
