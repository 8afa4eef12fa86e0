import { describe, expect, it } from 'vitest';
import { cutLoops } from '../../../src/completion/filters/repetition';
import { place } from '../../notation';
import { createCheck } from './check-filter';

const check = createCheck(cutLoops);

describe('a suggestion that goes round in circles is cut after the first round', () => {
  it('of words', () => check('a = █', 'foo.bar.foo.bar.foo.bar.foo.bar', 'foo.bar.'));
  it('of words after others', () => check('a = █', 'b + one, two, one, two, one, two, c', 'b + one, two,'));
  it('of two lines', () => check('█', 'a();\nb();\na();\nb();\na();\nb();\nc();', 'a();\nb();'));
  it('of three lines after others', () =>
    check('█', 'x();\na();\n\nb();\na();\n\nb();\na();\n\nb();', 'x();\na();\n\nb();'));
});

describe('a suggestion is kept', () => {
  it('that says something twice', () => check('a = █', 'foo.bar.foo.bar.baz', 'foo.bar.foo.bar.baz'));
  it('that lists numbers', () => {
    const zeros = '0, 0, 0, 0, 0, 0, 0, 0].map(round)';
    check('a = [█', zeros, zeros);
  });
  it('that closes much', () => check('a█', '))))))))))))', '))))))))))))'));
  it('that draws a line', () => check('// █', '='.repeat(60), '='.repeat(60)));
  it('of lines that come twice', () => {
    const twice = 'a();\nb();\na();\nb();\nc();';
    check('█', twice, twice);
  });
  it('of lines that say nothing', () => check('a█', '\n}\n\n}\n\n}', '\n}\n\n}\n\n}'));
});

it('takes no longer for a text that nearly repeats itself', () => {
  const text = Array.from({ length: 4_000 }, (_, index) => `a${index % 97}`).join(' ');
  const start = performance.now();
  cutLoops(text, place('█'));
  expect(performance.now() - start).toBeLessThan(1_000);
});
