import { expect, it } from 'vitest';
import { logitOf, sigmoid } from '../../src/common/calibration';
import { byWords, calibrate, type ScoredText } from '../../src/completion/judge';
import { scored } from './scored';
import { testCalibration as calibration } from './settings-for-test';

const calibrated = (text: ScoredText) => calibrate({ ...text, calibration });
const probabilities = ({ logProbs }: { readonly logProbs: readonly number[] }) => logProbs.map(Math.exp);

it('a word is as likely as all tokens together that begin in it', () => {
  const words = byWords(scored(['a.', 0.9], ['fo', 0.8], ['o', 0.5], [' bar', 0.7]));
  expect(words.parts).toEqual(['a', '.', 'foo', ' bar']);
  for (const [index, expected] of [0.9, 1, 0.4, 0.7].entries())
    expect(probabilities(words)[index]).toBeCloseTo(expected);
});
it('tokens after the end of the text do not count', () => {
  const words = byWords({ ...scored(['foo', 0.9], ['\n', 0.1]), text: 'foo' });
  expect(words.logProbs).toEqual([Math.log(0.9)]);
});
it('calibration does not change the text', () =>
  expect(calibrated(scored(['a', 0.9], [' b', 0.9])).text).toBe('a b'));
it('calibration lowers high probabilities, and keeps their order', () => {
  const [sure, less, least] = probabilities(calibrated(scored(['a', 0.95], [' b', 0.7], [' c', 0.3])));
  expect(sure).toBeLessThan(0.95);
  expect(less).toBeLessThan(sure!);
  expect(least).toBeLessThan(less!);
});
it('probabilities of 0 and 1 are calibrated to finite numbers', () => {
  const [certain, impossible] = probabilities(calibrated(scored(['a', 1], [' b', 0])));
  expect(certain).toBeGreaterThan(0.9);
  expect(impossible).toBeGreaterThan(0);
});
it('sigmoid is the inverse of the log odds', () => expect(sigmoid(logitOf(Math.log(0.2)))).toBeCloseTo(0.2));
