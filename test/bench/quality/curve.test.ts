/** The figures of one recording at each threshold. */
import { expect, it } from 'vitest';
import { askCurve, bestAt, curveOf } from '../../../bench/quality/curve';
import { answersOf, stretchOf } from './typed-stretch';

const stretch = stretchOf('«one(two, three)»');
const answers = answersOf(stretch, {
  o: { text: 'ne(twelve', confidence: 0.31 },
  one: { text: '(two', confidence: 0.6 },
  'one(two': { text: ', three)', replaceAfter: 1, confidence: 0.9 },
});
const curve = curveOf([{ stretch, answers }]);

/** Suggestions shown, their precision, and how many of the fifteen characters were saved. */
function at(threshold: number) {
  const point = curve.find(point => point.threshold === threshold)!;
  return [point.shown, point.precision, Math.round(point.saved * point.characters)];
}

it('shows everything at 0', () => expect(at(0)).toEqual([3, 2 / 3, 3 + 7]));
it('shows nothing below the threshold', () => expect(at(0.5)).toEqual([2, 1, 3 + 7]));
it('saves less if a right suggestion is not shown', () => expect(at(0.8)).toEqual([1, 1, 7]));
it('has no precision if nothing is shown', () => expect(at(0.98)).toEqual([0, undefined, 0]));

it('takes the lowest threshold of those that save most with the precision', () => {
  expect(bestAt(curve, 0.6)?.threshold).toBe(0);
  expect(bestAt(curve, 0.9)?.threshold).toBeGreaterThan(0.3);
  expect(bestAt(curve, 0.9)?.saved).toBe(bestAt(curve, 0.6)?.saved);
  expect(bestAt(curve, 1.1)).toBeUndefined();
});

it('asks again at each threshold a peer that cuts its suggestions', async () => {
  const asked: number[] = [];
  const found = await askCurve(
    minConfidence => {
      asked.push(minConfidence);
      return async (_, at) =>
        at === stretch.from ? { text: 'on', replaceAfter: 0, confidence: minConfidence } : undefined;
    },
    [stretch],
  );
  expect(found.map(({ threshold }) => threshold)).toEqual(asked);
  expect(found.every(({ shown }) => shown === 1)).toBe(true);
});
