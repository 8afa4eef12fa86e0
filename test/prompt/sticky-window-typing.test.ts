import { describe, expect, it } from 'vitest';
import { type TextWindow, updateWindow } from '../../src/prompt/sticky-window';
import { place } from '../notation';
import { wordCount } from './word-count';

const budget = { tokens: 200, suffixTokens: 50 };
const line = '  const total = items.map(item => item.price * item.quantity);\n';

/** @returns the windows after each of 2,000 typed characters */
function typeAlong(above: string, below: string, count = wordCount): TextWindow[] {
  const typed = line.repeat(40).slice(0, 2_000);
  const windows: TextWindow[] = [];
  for (let length = 1; length <= typed.length; length++) {
    const document = place(`${above}${typed.slice(0, length)}█${below}`);
    windows.push(updateWindow(document, budget, count, windows.at(-1)));
  }
  return windows;
}

const changes = (values: readonly unknown[]) =>
  values.filter((value, index) => index > 0 && value !== values[index - 1]).length;

describe('while 2,000 characters are typed', () => {
  const above = line.repeat(100);
  const windows = typeAlong(above, `\n${line.repeat(100)}`);

  it('the first line of the window moves at most once per 100 characters', () => {
    const moves = changes(windows.map(({ start }) => start));
    expect(moves).toBeGreaterThan(5);
    expect(moves).toBeLessThan(20);
  });

  it('the suffix never changes', () => expect(changes(windows.map(({ suffix }) => suffix))).toBe(0));

  it('the window never exceeds its budget', () => {
    const sizes = windows.map(({ prefix, suffix }) => wordCount(prefix) + wordCount(suffix));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(budget.tokens);
    // The window does not get too small: a move leaves two thirds of the prefix's budget, less a line.
    expect(Math.min(...sizes)).toBeGreaterThan(100);
  });

  it('the window always begins with a line', () => {
    const text = above + line.repeat(40);
    expect(windows.filter(({ start }) => start !== 0 && text[start - 1] !== '\n')).toEqual([]);
  });
});

it('the first line of a document that fits never moves', () =>
  expect(
    changes(
      typeAlong('', '\n}')
        .slice(0, 300)
        .map(({ start }) => start),
    ),
  ).toBe(0));

it('the first line also moves rarely in text with ten characters per token', () => {
  const windows = typeAlong(line.repeat(100), '', text => Math.ceil(text.length / 10));
  expect(changes(windows.map(({ start }) => start))).toBeLessThan(20);
});
