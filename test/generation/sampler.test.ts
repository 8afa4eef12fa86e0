import { describe, expect, it } from 'vitest';
import { greedy, type SamplingOptions } from '../../src/generation/engine';
import { createSampler } from '../../src/generation/sampler';
import { createRandom } from '../random';

/** Draws from the model's own distribution and drops nothing. */
const plain: SamplingOptions = { ...greedy, temperature: 1 };

const logitsOf = (probabilities: readonly number[]) => Float32Array.from(probabilities, Math.log);

/** How often each token is drawn, as a share. Every draw has a new sampler with another seed. */
function shares(options: SamplingOptions, logits: Float32Array, draws = 4000): number[] {
  const counts = new Array<number>(logits.length).fill(0);
  for (let seed = 0; seed < draws; seed++)
    counts[createSampler({ ...options, seed })(logits.slice(), []).id]!++;
  return counts.map(count => count / draws);
}

/** Tokens with these probabilities are drawn in the expected shares, within four standard deviations. */
function checkShares(options: Partial<SamplingOptions>, probabilities: number[], expected: number[]): void {
  const draws = 4000;
  for (const [id, share] of shares({ ...plain, ...options }, logitsOf(probabilities), draws).entries()) {
    const p = expected[id]!;
    expect(Math.abs(share - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / draws));
  }
}

describe('greedy', () => {
  it('takes the likeliest token', () => {
    expect(createSampler(greedy)(Float32Array.of(1, 3, 2), []).id).toBe(1);
  });

  it('takes the first of equal logits with any seed', () => {
    for (const seed of [0, 1, 2])
      expect(createSampler({ ...greedy, seed })(Float32Array.of(1, 3, 3), []).id).toBe(1);
  });

  it('takes the only possible token', () => {
    const impossible = Number.NEGATIVE_INFINITY;
    expect(createSampler(greedy)(Float32Array.of(impossible, impossible, -5), [])).toEqual({
      id: 2,
      logProb: 0,
    });
  });
});

describe('a draw', () => {
  it('follows the softmax', () => checkShares({}, [0.5, 0.3, 0.15, 0.05], [0.5, 0.3, 0.15, 0.05]));

  it('follows the softmax in one long generation too', () => {
    const sample = createSampler({ ...plain, seed: 9 });
    let ones = 0;
    for (let draw = 0; draw < 4000; draw++) ones += sample(logitsOf([0.7, 0.3]), []).id;
    expect(Math.abs(ones / 4000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 4000));
  });

  it('is the same with the same seed and another with another', () => {
    const logits = logitsOf(Array(50).fill(1 / 50));
    const [one, same, other] = [5, 5, 6].map(seed => {
      const sample = createSampler({ ...plain, seed });
      return Array.from({ length: 20 }, () => sample(logits.slice(), []).id).join(' ');
    });
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('never takes an impossible token', () => checkShares({}, [0, 0.5, 0, 0.5], [0, 0.5, 0, 0.5]));
});

describe('temperature', () => {
  it('below 1 prefers the likeliest', () =>
    checkShares({ temperature: 0.5 }, [0.6, 0.3, 0.1], norm(0.36, 0.09, 0.01)));
  it('above 1 makes the shares more equal', () =>
    checkShares({ temperature: 2 }, [0.64, 0.32, 0.04], norm(0.8, Math.sqrt(0.32), 0.2)));
  it('near 0 takes the likeliest', () => checkShares({ temperature: 0.01 }, [0.6, 0.4], [1, 0]));
});

describe('top-k', () => {
  it('keeps the k likeliest', () => checkShares({ topK: 2 }, [0.1, 0.4, 0.2, 0.3], norm(0, 0.4, 0, 0.3)));
  it('of 1 is greedy', () => checkShares({ topK: 1 }, [0.3, 0.4, 0.3], [0, 1, 0]));
  it('keeps the first of equal logits', () =>
    checkShares({ topK: 2 }, [0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0, 0]));
  it('above the number of tokens keeps all', () => checkShares({ topK: 9 }, [0.5, 0.5], [0.5, 0.5]));
  it('of 0 keeps all', () => checkShares({ topK: 0 }, [0.5, 0.25, 0.25], [0.5, 0.25, 0.25]));
});

describe('top-p', () => {
  it('keeps the likeliest tokens that together reach p', () => {
    checkShares({ topP: 0.75 }, [0.1, 0.5, 0.1, 0.3], norm(0, 0.5, 0, 0.3));
    checkShares({ topP: 0.45 }, [0.1, 0.5, 0.1, 0.3], [0, 1, 0, 0]);
    checkShares({ topP: 0.85 }, [0.1, 0.5, 0.1, 0.3], norm(0.1, 0.5, 0, 0.3));
  });

  it('of 0 keeps one', () => checkShares({ topP: 0 }, [0.4, 0.6], [0, 1]));
  it('of 1 keeps all', () => checkShares({ topP: 1 }, [0.8, 0.1, 0.1], [0.8, 0.1, 0.1]));
  it('takes the tokens that top-k kept as the whole', () =>
    checkShares({ topK: 3, topP: 0.6 }, [0.3, 0.28, 0.22, 0.2], norm(0.3, 0.28, 0, 0)));
  it('uses the probabilities at the temperature', () =>
    checkShares({ temperature: 0.5, topP: 0.75 }, [0.6, 0.3, 0.1], [1, 0, 0]));
});

describe('min-p', () => {
  it('drops tokens less likely than its share of the likeliest', () =>
    checkShares({ minP: 0.25 }, [0.6, 0.12, 0.16, 0.12], norm(0.6, 0, 0.16, 0)));
  it('of 1 keeps the likeliest', () => checkShares({ minP: 1 }, [0.4, 0.6], [0, 1]));
  it('of 0 keeps all', () => checkShares({ minP: 0 }, [0.9, 0.1], [0.9, 0.1]));
});

describe('the repetition penalty', () => {
  /** With this penalty and these earlier tokens, greedy takes `expected`. */
  function check(logits: number[], history: number[], repetitionPenalty: number, expected: number): void {
    const sample = createSampler({ ...greedy, repetitionPenalty });
    expect(sample(Float32Array.from(logits), history).id).toBe(expected);
  }

  it('makes an earlier token less likely', () => check([3, 2], [0], 2, 1));
  it('makes a token with a negative logit less likely, too', () => check([-2, -3], [0], 2, 1));
  it('lowers a token no further than it should', () => check([3, 2], [0], 1.4, 0));
  it('counts a token once even if it came several times', () => check([3, 2], [0, 0, 0, 0], 1.4, 0));
  it('leaves other tokens alone', () => check([3, 2], [1], 2, 0));
  it('looks back at 64 tokens', () => {
    check([3, 2, 0], [0, ...Array(63).fill(2)], 2, 1);
    check([3, 2, 0], [0, ...Array(64).fill(2)], 2, 0);
  });

  it('works for draws as well', () => {
    const drawn = new Set<number>();
    const sample = createSampler({ ...plain, repetitionPenalty: 100 });
    for (let draw = 0; draw < 100; draw++) drawn.add(sample(Float32Array.of(50, 40), [0]).id);
    expect(drawn).toEqual(new Set([1]));
  });
});

describe('the probability that is reported', () => {
  const probabilities = [0.6, 0.3, 0.1];

  it.each<Partial<SamplingOptions>>([
    {},
    { temperature: 0.3 },
    { temperature: 3 },
    { topK: 1 },
    { minP: 0.9 },
    { repetitionPenalty: 5 },
    { temperature: 0, repetitionPenalty: 5 },
  ])('is the model’s own probability with %j', options => {
    for (let seed = 0; seed < 10; seed++) {
      const { id, logProb } = createSampler({ ...plain, ...options, seed })(logitsOf(probabilities), [0]);
      expect(logProb).toBeCloseTo(Math.log(probabilities[id]!), 6);
    }
  });

  it('does not change if all logits are shifted', () => {
    for (const shift of [-1e4, 0, 1e4]) {
      const { logProb } = createSampler(greedy)(Float32Array.of(shift, shift + 1), []);
      expect(logProb).toBeCloseTo(1 - Math.log(1 + Math.E), 6);
    }
  });
});

/** Weights as shares of their sum. */
function norm(...weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map(weight => weight / total);
}

it.each([1, 2, 40, 299, 300, 1000])('top-k of %i keeps the tokens that sorting gives', count => {
  const random = createRandom(count);
  // Few different values, so that many are equal.
  const logits = Float32Array.from({ length: 300 }, () => random.below(20));
  const sorted = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  const options = { ...greedy, temperature: 1e6, topK: count };
  const drawn = new Set<number>();
  for (let seed = 0; seed < 3000; seed++)
    drawn.add(createSampler({ ...options, seed })(logits.slice(), []).id);
  expect([...drawn].sort((a, b) => a - b)).toEqual(
    sorted.slice(0, Math.min(count, 300)).sort((a, b) => a - b),
  );
});
