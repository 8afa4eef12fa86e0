import { describe, it } from 'vitest';
import { cutRepeatedLineAbove } from '../../../src/completion/filters/cut-repeated-line-above';
import { createCheck } from './check-filter';

const check = createCheck(cutRepeatedLineAbove);

describe('a suggestion that repeats a line', () => {
  it('is cut before the second one', () => check('█', 'a();\na();\na();', 'a();'));
  it('is cut to nothing where the first stands above the cursor', () => check('a();\n█', 'a();', ''));
  it('is cut to nothing where the cursor is in the second', () => check('a();\na█', '();', ''));
  it('is cut whatever the indentation', () => check('  a();\n█', '    a();', ''));
  it('is cut past blank lines', () => check('a();\n\n█', '\nb();\n\nb();', '\nb();\n'));
});

describe('a suggestion is kept', () => {
  it('that says something new', () => check('a();\n█', 'b();\na();', 'b();\na();'));
  it('that closes two blocks', () => check('  }\n█', '}\n}', '}\n}'));
  it('that goes on with a line', () => check('a();\nb█', '();', '();'));
  it('that goes on below a line the user repeated', () => check('a();\na();█', '\nb();', '\nb();'));
  it('in an empty document', () => check('█', 'a();', 'a();'));
  it('that has blank lines', () => check('a();\n█', '\n\nb();', '\n\nb();'));
});
