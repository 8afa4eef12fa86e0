import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/completion/request';
import { copyText } from '../../../src/completion/sources/copied';
import { place } from '../../notation';

const copy = (text: string, scope: Scope = 'line') => copyText(place(text), scope);

function check(text: string, expected: string, scope: Scope = 'line') {
  expect(copy(text, scope).text).toBe(expected);
}

/** The probability of the whole copy. */
function probability(text: string): number {
  return Math.exp(copy(text).logProbs.reduce((sum, logProb) => sum + logProb, 0));
}

describe('the copy is', () => {
  it('the text that followed before, to the end of the line', () =>
    check('one.two(three);\n\none.two█', '(three);'));
  it('the rest of a word', () => check('const longName;\n\nlong█', 'Name;'));
  it('the next line if the lines before it are the same', () =>
    check('{\n  one();\n  two();\n}\n{\n  one();\n  █', 'two();'));
  it('a block if the scope is a block', () =>
    check('if (a) {\n  one();\n  two();\n}\nif (a) {\n  █\n}', 'one();\n  two();', 'block'));
  it('a line if the scope is a line', () =>
    check('if (a) {\n  one();\n  two();\n}\nif (a) {\n  █\n}', 'one();'));
  it('empty if no place has the same text', () => check('const a = 1;\nfoo█', ''));
  it('empty if the line ended at the other place', () => check('foo()\nfoo()█\n', ''));
});

it('the copy is the text that follows at most of the places', () => {
  check('f(a, b)\nf(a, b)\nf(a, c)\nf(a, █', 'b)');
});

describe('the copy is likelier', () => {
  const less = probability('x = f(1)\nx = f(2)\n\nx = █');
  it('if the places agree', () => expect(probability('x = f(1)\nx = f(1)\n\nx = █')).toBeGreaterThan(less));
  it('if more text before them is the same', () =>
    expect(probability('let x = f(1)\nx = f(2)\n\nlet x = █')).toBeGreaterThan(less));
});

it('the copy has words with probabilities, which spell its text', () => {
  const { text, parts, logProbs } = copy('one.two(three);\n\none.two█');
  expect(parts.join('')).toBe(text);
  expect(logProbs).toHaveLength(parts.length);
  for (const logProb of logProbs) expect(logProb).toBeLessThan(0);
});
