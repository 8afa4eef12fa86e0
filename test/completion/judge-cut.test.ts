/** A text that the engine stopped as too unlikely is judged as the whole text would be. */
import { describe, expect, it } from 'vitest';
import { calibrate, dropTyped, isEnough, judge, type ScoredText } from '../../src/completion/judge';
import { createLikelihoodCriterion } from '../../src/generation/stopping-criteria';
import { createRandom, type Random } from '../random';

const pieces = ['foo', 'ba', '(', ')', ', ', ' = ', ' x', '.', ';', '\n', '\n  ', '_', '1', 'é', '👍'];

function randomText(random: Random): ScoredText {
  const parts = Array.from({ length: 1 + random.below(12) }, () => random.pick(pieces));
  const logProbs = parts.map(() => Math.log((1 + random.below(1000)) / 1001) / 4);
  return { text: parts.join(''), parts, logProbs };
}

/** @param typed tokens at the beginning that the user has typed in full */
function cutAsUnlikely(
  { parts, logProbs }: ScoredText,
  typed: number,
  min: number,
  calibration: Calibration,
) {
  const isUnlikely = createLikelihoodCriterion(calibration, min);
  const end = logProbs.findIndex((logProb, index) => index >= typed && isUnlikely(logProb));
  const count = end === -1 ? parts.length : end + 1;
  const kept = parts.slice(0, count);
  return { text: kept.join(''), parts: kept, logProbs: logProbs.slice(0, count), isCut: end !== -1 };
}

type Calibration = Parameters<typeof createLikelihoodCriterion>[0];

describe('of 3000 random texts', () => {
  const random = createRandom(17);
  const cases = Array.from({ length: 3000 }, () => ({
    whole: randomText(random),
    typed: random.below(3),
    min: (1 + random.below(9)) / 10,
    calibration: { bias: random.below(3) / 2 - 0.5, logit: 0.5 + random.below(3) / 2 },
  }));

  const judged = (written: ScoredText, min: number, calibration: Calibration) =>
    judge(calibrate({ ...written, calibration }), min).text;

  it('each is shown as if the model had gone on, and most are stopped', () => {
    let stopped = 0;
    for (const { whole, typed, min, calibration } of cases) {
      const { isCut, ...cut } = cutAsUnlikely(whole, typed, min, calibration);
      if (isCut) stopped++;
      const length = whole.parts.slice(0, typed).join('').length;
      const left = dropTyped(cut, length);
      expect(judged(left, min, calibration)).toBe(judged(dropTyped(whole, length), min, calibration));
      expect(isEnough({ ...left, calibration, isCut }, min)).toBe(true);
    }
    expect(stopped).toBeGreaterThan(cases.length / 2);
  });

  it('each that is typed along is shown so too, or is no longer enough', () => {
    let isShort = 0;
    for (const { whole, min, calibration } of cases) {
      const { isCut, ...cut } = cutAsUnlikely(whole, 0, min, calibration);
      for (let at = 1; at <= cut.text.length; at++) {
        const left = dropTyped(cut, at);
        if (!isEnough({ ...left, calibration, isCut }, min)) isShort++;
        else expect(judged(left, min, calibration)).toBe(judged(dropTyped(whole, at), min, calibration));
      }
    }
    expect(isShort).toBeGreaterThan(0);
  });
});
