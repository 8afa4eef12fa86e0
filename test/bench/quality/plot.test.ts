import { expect, it } from 'vitest';
import { curveOf } from '../../../bench/quality/curve';
import { plot } from '../../../bench/quality/plot';
import { answersOf, stretchOf } from './typed-stretch';

const stretch = stretchOf('«a(b)»');
const recordings = Array.from({ length: 10 }, () => ({
  stretch,
  answers: answersOf(stretch, { a: { text: '(b', confidence: 0.52 } }),
}));
const curve = curveOf(recordings);

it('has a point for each threshold that shows at least ten suggestions', () => {
  const picture = plot('t', [{ name: 'one', curve }], 0.4);
  const points = picture.match(/<circle [^>]*r="3"/g);
  expect(points).toHaveLength(curve.filter(({ threshold }) => threshold <= 0.52).length);
  expect(plot('t', [{ name: 'one', curve: curveOf(recordings.slice(1)) }], 0.4)).not.toContain('r="3"');
});

it('escapes names', () => {
  expect(plot('a < b & c', [], 0.4)).toContain('<title>a &lt; b &amp; c</title>');
});
