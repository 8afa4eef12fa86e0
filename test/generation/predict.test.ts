import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/generation/decoder';
import { type ConstraintState, greedy } from '../../src/generation/engine';
import { createConstraint, createPredictor } from '../../src/generation/predict';
import { scriptedDecoder } from './scripted-decoder';

/** A model that counts in its logits. Its greedy answers are 50 higher than the token before, so that they differ. */
function bothWays(): Decoder {
  const decoder = scriptedDecoder(ids => ids.at(-1)! + 1);
  return {
    ...decoder,
    runGreedy: async (ids, _, wanted) => wanted.map(at => ({ id: ids[at]! + 50, logProb: -1 })),
  };
}

async function idsOf(decoder: Decoder, sampling = greedy): Promise<number[]> {
  const predicted = await createPredictor(decoder, decoder.createCache(), sampling).run([1, 2, 3], [0, 2]);
  return [0, 1].map(row => predicted(row, [1, 2, 3]).id);
}

describe('next tokens', () => {
  it('come from the decoder itself if decoding is greedy', async () => {
    expect(await idsOf(bothWays())).toEqual([51, 53]);
  });

  it.each([
    ['drawn', { ...greedy, temperature: 0.1 }],
    ['penalised for repetition', { ...greedy, repetitionPenalty: 1.1 }],
  ])('come from the logits if they are %s', async (_, sampling) => {
    expect(await idsOf(bothWays(), sampling)).toEqual([2, 4]);
  });

  it('come from the logits if the decoder returns nothing else', async () => {
    expect(await idsOf(scriptedDecoder(ids => ids.at(-1)! + 1))).toEqual([2, 4]);
  });
});

/** 1 leads to the second state, 2 and 3 lead out. In the second state only 4 is allowed, and it leads out. */
const states: readonly ConstraintState[] = [
  { inside: [[1, 1]], last: [2, 3], exact: [3] },
  { inside: [], last: [4], exact: [] },
];

/** The ids that are allowed after `taken`. */
function allowedAfter(...taken: readonly number[]): number[] {
  const constraint = createConstraint(states);
  for (const id of taken) constraint.take(id);
  const logits = Float32Array.of(10, 11, 12, 13, 14, 15);
  constraint.restrict(logits);
  const ids = [...logits.keys()].filter(id => logits[id] !== -Infinity);
  for (const id of ids) expect(logits[id]).toBe(10 + id);
  return ids;
}

describe('a constraint', () => {
  it('keeps only the logits of the allowed tokens', () => expect(allowedAfter()).toEqual([1, 2, 3]));
  it('tells tokens that spell only what was asked for from those that go on', () => {
    const freedoms = (...ids: readonly number[]) => {
      const constraint = createConstraint(states);
      return ids.map(id => constraint.take(id));
    };
    expect(freedoms(1, 4, 4)).toEqual(['asked', 'beyond', 'free']);
    expect(freedoms(2, 2)).toEqual(['beyond', 'free']);
    expect(freedoms(3, 3)).toEqual(['asked', 'free']);
  });
  it('allows other tokens after one that leads to another state', () => expect(allowedAfter(1)).toEqual([4]));
  it('allows every token after one that leads out', () => {
    expect(allowedAfter(2)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(allowedAfter(1, 4)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('holds until a token leads out', () => {
    const constraint = createConstraint(states);
    const held = [1, 4, 1].map(id => {
      const { holds } = constraint;
      constraint.take(id);
      return holds;
    });
    expect(held).toEqual([true, true, false]);
  });

  it('without states never holds', () => expect(createConstraint().holds).toBe(false));
});
