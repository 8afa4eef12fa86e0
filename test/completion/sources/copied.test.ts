import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/completion/request';
import { copyText } from '../../../src/completion/sources/copied';
import { place } from '../../notation';

const copy = (text: string, scope: Scope = 'line') => copyText(place(text), scope);

function check(text: string, expected: string, scope: Scope = 'line') {
  expect(copy(text, scope).text).toBe(expected);
}

/** Of all of it. */
function probability(text: string): number {
  return Math.exp(copy(text).logProbs.reduce((sum, logProb) => sum + logProb, 0));
}

describe('copied is', () => {
  it('what followed the last time, to the end of the line', () =>
    check('one.two(three);\n\none.two█', '(three);'));
  it('the rest of a word', () => check('const longName;\n\nlong█', 'Name;'));
  it('a line after the lines before it', () => check('{\n  one();\n  two();\n}\n{\n  one();\n  █', 'two();'));
  it('the block, where one is asked for', () =>
    check('if (a) {\n  one();\n  two();\n}\nif (a) {\n  █\n}', 'one();\n  two();', 'block'));
  it('a line of it otherwise', () => check('if (a) {\n  one();\n  two();\n}\nif (a) {\n  █\n}', 'one();'));
  it('nothing where nothing is alike', () => check('const a = 1;\nfoo█', ''));
  it('nothing where the line ended', () => check('foo()\nfoo()█\n', ''));
});

it('of what followed, most of the places decide', () => {
  check('f(a, b)\nf(a, b)\nf(a, c)\nf(a, █', 'b)');
});

describe('it is likelier', () => {
  const less = probability('x = f(1)\nx = f(2)\n\nx = █');
  it('if the places agree', () => expect(probability('x = f(1)\nx = f(1)\n\nx = █')).toBeGreaterThan(less));
  it('if more is alike before them', () =>
    expect(probability('let x = f(1)\nx = f(2)\n\nlet x = █')).toBeGreaterThan(less));
});

it('its words spell its text, each with a probability', () => {
  const { text, tokenTexts, logProbs } = copy('one.two(three);\n\none.two█');
  expect(tokenTexts.join('')).toBe(text);
  expect(logProbs).toHaveLength(tokenTexts.length);
  for (const logProb of logProbs) expect(logProb).toBeLessThan(0);
});
