/** The pinned corpus: with the same files, figures of two versions can be compared. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { findNeighbours, ownSources } from '../../../bench/corpus/own-sources';
import { choosePlaces } from '../../../bench/typing/choose-places';

const sources = ownSources(process.cwd());

it('has the same files as when it was pinned', () => {
  const hash = createHash('sha256');
  for (const { path, text } of sources) hash.update(`${path}\0${text}\0`);
  expect(sources).toHaveLength(100);
  expect(hash.digest('hex')).toBe('f5b13321371c65c742c6b2c74da17f8bd78d8b387cf9c44a4442ab5ef6630e14');
});

it('has every file that is typed, and eight files beside each', () => {
  const places = choosePlaces(sources, 4, 12);
  expect(places.map(({ missing }) => missing.split('\n').length)).toEqual([12, 12, 12, 12]);
  const neighboursOf = findNeighbours(sources);
  for (const { path } of places)
    expect(neighboursOf(sources.find(source => source.path === path)!)).toHaveLength(8);
});

it('has the 200,000 characters that bench:copy takes', () => {
  const code = sources.filter(({ path }) => /^(src|bench|scripts)\//.test(path));
  expect(code.reduce((sum, { text }) => sum + text.length, 0)).toBeGreaterThanOrEqual(200_000);
});
