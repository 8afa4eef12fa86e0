import { describe, expect, it } from 'vitest';
import { cutLoops } from '../../../src/completion/filters/repetition';
import { place } from '../../notation';
import { createCheck } from './check-filter';

const check = createCheck(cutLoops);

describe('a suggestion is cut after the first round of a loop', () => {
  it('of words', () => check('a = █', 'foo.bar.foo.bar.foo.bar.foo.bar', 'foo.bar.'));
  it('of words after others', () => check('a = █', 'b + one, two, one, two, one, two, c', 'b + one, two,'));
  it('of one word, if they are many', () => check('a: █', 'f64, f64, f64, f64, f64, f64, f64', 'f64, '));
  it('of more rounds than in the document, before the loop', () =>
    check('a = [xy, xy, xy, z];\nb = [█', 'xy, xy, xy, xy, xy, z', ''));
  it('of two lines', () => check('█', 'a();\nb();\na();\nb();\na();\nb();\nc();', 'a();\nb();'));
  it('of three lines after others', () =>
    check('█', 'x();\na();\n\nb();\na();\n\nb();\na();\n\nb();', 'x();\na();\n\nb();'));
});

describe('a suggestion is kept if it', () => {
  it('has the same text only twice', () => check('a = █', 'foo.bar.foo.bar.baz', 'foo.bar.foo.bar.baz'));
  it('lists numbers', () => {
    const zeros = '0, 0, 0, 0, 0, 0, 0, 0].map(round)';
    check('a = [█', zeros, zeros);
  });
  it('has many closing brackets', () => check('a█', '))))))))))))', '))))))))))))'));
  it('draws a line', () => check('// █', '='.repeat(60), '='.repeat(60)));
  it('has the same lines only twice', () => {
    const twice = 'a();\nb();\na();\nb();\nc();';
    check('█', twice, twice);
  });
  it('lists a few equal items', () => {
    for (const list of [
      '(f64, f64, f64, f64)',
      '"%s, %s, %s", a',
      '1fr 1fr 1fr 1fr;',
      '| --- | --- | --- | --- |',
    ])
      check('a: █', list, list);
  });
  it('ends a list of equal items by itself', () => {
    for (const list of [
      '?, ?, ?, ?, ?, ?, ?, ?);',
      'None, None, None, None, None, None]',
      '0x00, 0x00, 0x00, 0x00, 0x00, 0x00};',
    ])
      check('a = (█', list, list);
  });
  it('repeats as often as the document', () => {
    const list = 'Option<u8>, Option<u8>, Option<u8>, Option<u8>, Option<u8>, Option<u8>)';
    check(`let a: (${list};\nlet b: (█`, list, list);
  });
  it('repeats lines without letters', () => check('a█', '\n}\n\n}\n\n}', '\n}\n\n}\n\n}'));
});

it('takes no longer than usual for a text that almost repeats itself', () => {
  const text = Array.from({ length: 4_000 }, (_, index) => `a${index % 97}`).join(' ');
  const start = performance.now();
  cutLoops(text, place('█'));
  expect(performance.now() - start).toBeLessThan(1_000);
});
