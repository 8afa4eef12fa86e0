import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/generation/decoder';
import { type ConstraintState, greedy } from '../../src/generation/engine';
import { createConstraint, createPredictor } from '../../src/generation/predict';
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

/** 1 leads to the second state, 2 and 3 out; there only 4 does. */
const states: readonly ConstraintState[] = [
  { inside: [[1, 1]], last: [2, 3] },
  { inside: [], last: [4] },
];

/** Ids that are still possible behind `taken`. */
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
  it('leaves the logits of what it allows, and no others', () => expect(allowedAfter()).toEqual([1, 2, 3]));
  it('is another behind a token that leads on', () => expect(allowedAfter(1)).toEqual([4]));
  it('is over behind a token that leads out', () => {
    expect(allowedAfter(2)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(allowedAfter(1, 4)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('holds until then', () => {
    const constraint = createConstraint(states);
    const held = [1, 4, 1].map(id => {
      const { holds } = constraint;
      constraint.take(id);
      return holds;
    });
    expect(held).toEqual([true, true, false]);
  });

  it('of no states never holds', () => expect(createConstraint().holds).toBe(false));
});
