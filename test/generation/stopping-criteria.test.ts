import { describe, expect, it } from 'vitest';
import type { StopReason } from '../../src/generation/engine';
import type { TokenFreedom } from '../../src/generation/predict';
import { createLikelihoodCriterion, createStoppingCriteria } from '../../src/generation/stopping-criteria';

describe('stopping criteria', () => {
  const criteria = { endIds: [1, 2], lastIds: [2, 3], maxTokens: 10, maxMs: 100 };

  interface StopCase {
    readonly id?: number;
    readonly count?: number;
    readonly ms?: number;
    readonly freedom?: TokenFreedom;
  }

  it.each<[string, StopCase, StopReason | undefined]>([
    ['do not stop at any other token', {}, undefined],
    ['stop at every end id', { id: 1 }, 'end-token'],
    ['take an id that is an end id and a last id as an end id', { id: 2 }, 'end-token'],
    ['stop at a last id', { id: 3 }, 'last-token'],
    ['name the last id before the length', { id: 3, count: 10 }, 'last-token'],
    ['do not stop at a last id that the constraint asked for', { id: 3, freedom: 'beyond' }, undefined],
    [
      'stop at the length even if the constraint asked for the token',
      { id: 3, count: 10, freedom: 'beyond' },
      'max-tokens',
    ],
    ['stop when the length is reached', { count: 10 }, 'max-tokens'],
    ['do not stop before the length', { count: 9 }, undefined],
    ['name the length before the time', { count: 10, ms: 100 }, 'max-tokens'],
    ['stop when the time is over', { ms: 100 }, 'max-time'],
    ['do not stop before the time is over', { ms: 99.9 }, undefined],
  ])('%s: %j', (_, { id = 9, count = 1, ms = 0, freedom = 'free' }, expected) => {
    expect(createStoppingCriteria(criteria, () => ms)({ id, logProb: 0, freedom }, count)).toBe(expected);
  });
});

describe('a text that is less likely than the limit', () => {
  const asItIs = { bias: 0, logit: 1 };

  /** The first token after which the text is over. @param probabilities of its tokens */
  function endsAfter(min: number, probabilities: readonly number[], calibration = asItIs): number {
    const isUnlikely = createLikelihoodCriterion(calibration, min);
    return probabilities.findIndex(probability => isUnlikely(Math.log(probability)));
  }

  it('is over where the product of its tokens falls below it', () => {
    expect(endsAfter(0.5, [0.9, 0.8, 0.6, 0.9])).toBe(2);
    expect(endsAfter(0.5, [0.4])).toBe(0);
    expect(endsAfter(0.1, [0.9, 0.8, 0.6, 0.9])).toBe(-1);
  });
  it('goes on at the limit itself', () => expect(endsAfter(0.5, [0.5])).toBe(-1));
  it('counts the tokens as one word or as several, whichever is likelier', () => {
    // Words that are sure count as 0.73 each: two tokens of 1 are likelier as one word.
    const unsure = { bias: -5, logit: 1 };
    expect(endsAfter(0.7, [1, 1, 1], unsure)).toBe(-1);
    // Log odds are doubled: 0.9 counts as 0.988, and 0.81 as 0.948.
    expect(endsAfter(0.97, [0.9, 0.9], { bias: 0, logit: 2 })).toBe(-1);
  });
  it('ends the generation, unless the constraint asked for just that token', () => {
    const criteria = { endIds: [], lastIds: [], maxTokens: 10, maxMs: 100 };
    const reasonAt = (freedom: TokenFreedom) =>
      createStoppingCriteria({ ...criteria, likelihood: { ...asItIs, min: 0.5 } }, () => 0)(
        { id: 1, logProb: Math.log(0.4), freedom },
        1,
      );
    expect(reasonAt('free')).toBe('unlikely');
    expect(reasonAt('beyond')).toBe('unlikely');
    expect(reasonAt('asked')).toBeUndefined();
  });
});
