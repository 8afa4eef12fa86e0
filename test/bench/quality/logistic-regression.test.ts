import { expect, it } from 'vitest';
import { seededRandom } from '../../../bench/corpus/seeded-random';
import { fitLogistic, lossOf, probabilityOf } from '../../../bench/quality/logistic-regression';

const random = seededRandom(1);
const truth = [-1, 2];
const examples = Array.from({ length: 20_000 }, () => {
  const features = [1, random() * 2 - 1];
  return { features, isTrue: random() < probabilityOf(features, truth) };
});

it('finds the weights that the examples were drawn with', () => {
  const [bias, weight] = fitLogistic(examples);
  expect(bias).toBeCloseTo(-1, 1);
  expect(weight).toBeCloseTo(2, 0);
});
it('has a lower loss than other weights', () => {
  const fitted = fitLogistic(examples);
  const loss = lossOf(examples, fitted);
  for (const other of [[0, 0], truth, fitted.map(weight => weight + 0.1)])
    expect(lossOf(examples, other)).toBeGreaterThan(loss);
});
it('stays finite where one feature decides alone', () => {
  const decided = [-1, 1].map(feature => ({ features: [feature], isTrue: feature > 0 }));
  expect(Number.isFinite(fitLogistic(decided)[0])).toBe(true);
});
