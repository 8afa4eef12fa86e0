/**
 * The step from a run of the model to the next tokens. For greedy decoding, a decoder that can do so returns only the
 * likeliest tokens: to hand over the logits of a whole vocabulary and to search them costs more than a small layer
 * does.
 */
import type { Decoder } from './decoder';
import type { ConstraintState, SamplingOptions } from './engine';
import type { TokenCache } from './kv-cache';
import { createSampler, type SampledToken } from './sampler';

/** The token that follows the wanted place number `row`. @param history the tokens so far, with the prompt */
export type Predicted = (row: number, history: readonly number[]) => PredictedToken;

export interface PredictedToken extends SampledToken {
  readonly freedom: TokenFreedom;
}

/**
 * What the constraint of the request had to say about a token. 'free': nothing. 'asked': the token spells nothing but what
 * was asked for. 'beyond': it also goes on after that.
 */
export type TokenFreedom = 'free' | 'asked' | 'beyond';

export interface Predictor {
  /**
   * Runs `ids` after the tokens in `cache`, as `Decoder.run` does. While the constraint holds, it takes at most one wanted
   * place. `onLogits` hears the logits of all wanted places, if there are any.
   */
  run(
    ids: readonly number[],
    wanted: readonly number[],
    onLogits?: (logits: Float32Array) => void,
  ): Promise<Predicted>;
  /** The same from logits `[places, vocabulary]` that are known already. They are overwritten. */
  fromLogits(logits: Float32Array): Predicted;
}

export function createPredictor<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  cache: Cache,
  sampling: SamplingOptions,
  constraint: Constraint = createConstraint(),
): Predictor {
  const { runGreedy } = decoder;
  const isGreedy = sampling.temperature === 0 && sampling.repetitionPenalty === 1;
  const sample = createSampler(sampling);
  const { vocabulary } = decoder.sizes;
  const fromLogits: Predictor['fromLogits'] = logits => (row, history) => {
    const following = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
    constraint.restrict(following);
    const sampled = sample(following, history);
    return { ...sampled, freedom: constraint.take(sampled.id) };
  };
  return {
    fromLogits,
    async run(ids, wanted, onLogits = () => undefined) {
      if (runGreedy !== undefined && isGreedy && !constraint.holds) {
        const best = await runGreedy(ids, cache, wanted);
        return row => ({ ...best[row]!, freedom: 'free' });
      }
      const logits = await decoder.run(ids, cache, wanted);
      if (wanted.length > 0) onLogits(logits);
      return fromLogits(logits);
    },
  };
}

/** The current state of a generation in the automaton of its request (`GenerateRequest.constraint`). */
export interface Constraint {
  /** Whether only some tokens may come next. */
  readonly holds: boolean;
  /** Sets the `[vocabulary]` logits of all other tokens to minus infinity, so that the allowed ones share the whole. */
  restrict(logits: Float32Array): void;
  /** Moves on behind an allowed token. @returns what the constraint had to say about it */
  take(id: number): TokenFreedom;
}

/** @param states the first is where a generation begins; with none, any token may come at once */
export function createConstraint(states: readonly ConstraintState[] = []): Constraint {
  let state = states[0];
  return {
    get holds() {
      return state !== undefined;
    },
    restrict(logits) {
      if (state === undefined) return;
      const allowed = [...state.inside.map(([id]) => id), ...state.last];
      const kept = allowed.map(id => logits[id]!);
      logits.fill(-Infinity);
      for (const [index, id] of allowed.entries()) logits[id] = kept[index]!;
    },
    take(taken) {
      if (state === undefined) return 'free';
      const { inside, exact } = state;
      const next = inside.find(([id]) => id === taken)?.[1];
      state = next === undefined ? undefined : states[next];
      return next !== undefined || exact.includes(taken) ? 'asked' : 'beyond';
    },
  };
}
