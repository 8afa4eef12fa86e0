import { describe, expect, it } from 'vitest';
import { dayBefore } from '../../src/statistics/counts';
import {
  addEvidence,
  confidenceClass,
  type Evidence,
  evidenceOf,
  learnedDays,
  learnedThreshold,
  maxMove,
} from '../../src/statistics/learn';
import { createRandom } from '../random';

const today = '2026-11-28';

/** So many suggestions of one confidence, of which so many were right. */
function seen(confidence: number, right: number, wrong: number, day = today): Evidence[] {
  const times = (count: number, isRight: boolean) =>
    Array.from({ length: count }, () => evidenceOf(day, 'go', confidence, isRight));
  return [...times(right, true), ...times(wrong, false)];
}

const threshold = (evidence: readonly Evidence[], base = 0.5) => learnedThreshold(evidence, base, today);

it('without suggestions the threshold is the setting', () => {
  for (const base of [0, 0.1, 0.5, 0.93, 1]) expect(threshold([], base)).toBeCloseTo(base, 9);
});

it('suggestions that are right as often as they say leave the threshold where it is', () =>
  expect(threshold([...seen(0.55, 55, 45), ...seen(0.75, 75, 25)])).toBeCloseTo(0.5, 9));

it('rises where suggestions are wrong more often than they say, and falls where they are right more often', () => {
  expect(threshold(seen(0.55, 30, 70))).toBeGreaterThan(0.55);
  expect(threshold(seen(0.55, 85, 15))).toBeLessThan(0.45);
});

it('hardly moves by a few suggestions', () => expect(threshold(seen(0.55, 1, 4))).toBeLessThan(0.54));

it('thresholds that show all or nothing never move', () => {
  expect(threshold(seen(0.55, 0, 1000), 0)).toBe(0);
  expect(threshold(seen(0.55, 1000, 0), 1)).toBe(1);
});

it('old suggestions count less, and at last not at all', () => {
  const move = (days: number) => threshold(seen(0.55, 20, 30, dayBefore(today, days))) - 0.5;
  expect(move(30)).toBeLessThan(move(0));
  expect(move(90)).toBeLessThan(move(30));
  expect(move(learnedDays + 1)).toBeCloseTo(0, 9);
});

describe('for random suggestions', () => {
  const random = createRandom(7);
  const cases = Array.from({ length: 100 }, () => ({
    base: random.below(101) / 100,
    evidence: Array.from({ length: random.below(40) }, () =>
      seen(random.below(100) / 100, random.below(20), random.below(20), dayBefore(today, random.below(150))),
    ).flat(),
  }));

  it('the threshold stays within its bounds', () => {
    for (const { base, evidence } of cases) {
      const found = threshold(evidence, base);
      expect(found).toBeGreaterThanOrEqual(Math.max(0, base - maxMove));
      expect(found).toBeLessThanOrEqual(Math.min(1, base + maxMove));
    }
  });

  it('one more right suggestion never raises it, and one more wrong suggestion never lowers it', () => {
    for (const { base, evidence } of cases) {
      const confidence = random.below(100) / 100;
      const found = threshold(evidence, base);
      expect(threshold([...evidence, ...seen(confidence, 1, 0)], base)).toBeLessThanOrEqual(found);
      expect(threshold([...evidence, ...seen(confidence, 0, 1)], base)).toBeGreaterThanOrEqual(found);
    }
  });

  it('a higher setting never gives a lower threshold', () => {
    for (const { base, evidence } of cases)
      expect(threshold(evidence, Math.min(1, base + 0.05))).toBeGreaterThanOrEqual(threshold(evidence, base));
  });

  it('evidence that is added up says the same', () => {
    for (const { base, evidence } of cases)
      expect(threshold(addEvidence(evidence), base)).toBeCloseTo(threshold(evidence, base), 9);
  });
});

it('a confidence belongs to its tenth', () =>
  expect([0, 0.099, 0.1, 0.5, 0.99, 1].map(confidenceClass)).toEqual([0, 0, 1, 5, 9, 9]));
