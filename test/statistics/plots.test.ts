import { expect, it } from 'vitest';
import { barPlot, niceTop, sharePlot } from '../../src/statistics/plots';

const options = { name: 'A & B', isRightToLeft: false, format: String };
const mirrored = { ...options, isRightToLeft: true };

const numbersOf = (markup: string, pattern: RegExp) =>
  Array.from(markup.matchAll(pattern), ([, value]) => Number(value));

it('an axis ends at the next round number', () =>
  expect([1, 2, 3, 7, 10, 11, 99, 412, 1000].map(niceTop)).toEqual([1, 2, 5, 10, 10, 20, 100, 500, 1000]));

it('a bar is as high as its value, and the tallest may fill the plot', () => {
  const bars = [0, 50, 100].map(value => ({ value, label: '' }));
  const heights = numbersOf(barPlot(bars, options).markup, /height="([\d.]+)"/g);
  expect(heights).toEqual([0, 86, 172]);
});

it('bars and points begin at the right where the language does', () => {
  const bars = [1, 2, 3].map(value => ({ value, label: '' }));
  const xs = (markup: string) => numbersOf(markup, /<rect class="bar" x="([\d.]+)"/g);
  expect(xs(barPlot(bars, options).markup)).toEqual(
    xs(barPlot(bars, options).markup).toSorted((a, b) => a - b),
  );
  expect(xs(barPlot(bars, mirrored).markup)).toEqual(
    xs(barPlot(bars, mirrored).markup).toSorted((a, b) => b - a),
  );
  const points = [0.1, 0.9].map(x => ({ x, y: x, label: '' }));
  const [first, last] = numbersOf(sharePlot(points, mirrored).markup, /cx="([\d.]+)"/g);
  expect(first).toBeGreaterThan(last!);
});

it('a plot of nothing has its axes and no fault', () => {
  expect(barPlot([], options).markup).not.toMatch(/NaN|Infinity|class="bar"/);
  expect(sharePlot([], options).markup).not.toMatch(/NaN|Infinity|class="dot"/);
});

it('the name is escaped', () => expect(barPlot([], options).markup).toContain('aria-label="A &amp; B"'));
