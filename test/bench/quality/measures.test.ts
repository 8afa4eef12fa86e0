import { expect, it } from 'vitest';
import { figuresOf } from '../../../bench/quality/measures';
import { replay } from '../../../bench/quality/replay';
import { answersOf, stretchOf } from './typed-stretch';

/** Ten keys; the suggestion inside the word saves two of them, the one behind it five. */
const stretch = stretchOf('name\n«name(item)»');
const figures = figuresOf([replay(stretch, answersOf(stretch, { n: 'ame', name: '(item)' }))]);

it('of what is saved, the part outside words and the part that is new are columns of their own', () => {
  expect(figures.characters).toBe(10);
  expect(figures.saved).toBeCloseTo(0.7);
  expect(figures.savedOutsideWords).toBeCloseTo(0.5);
  expect(figures.savedNew).toBeCloseTo(0.5);
});
