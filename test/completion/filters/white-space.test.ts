import { describe, it } from 'vitest';
import {
  dropBlank,
  dropDoubledSpace,
  normaliseLineEnds,
  trimTrailingSpace,
} from '../../../src/completion/filters/white-space';
import { createCheck } from './check-filter';

describe('normaliseLineEnds', () => {
  const check = createCheck(normaliseLineEnds);

  it('makes one character of a line end of two', () => check('a█', '();\r\nb();\r\n', '();\nb();\n'));
  it('leaves a text of single ones as it is', () => check('a█', '();\nb();', '();\nb();'));
});

describe('dropDoubledSpace', () => {
  const check = createCheck(dropDoubledSpace);

  it('drops a space after a space', () => check('a = █', ' b', 'b'));
  it('drops several', () => check('a = █', '  b', 'b'));
  it('keeps one after a word', () => check('a =█', ' b', ' b'));
  it('keeps what indents a line', () => check('{\n  █', '  b', '  b'));
  it('keeps one after a tab', () => check('a\t█', ' b', ' b'));
  it('keeps what is only white space', () => check('a = █', ' ', ' '));
  it('keeps a line break', () => check('a = █', ' \nb', ' \nb'));
});

describe('trimTrailingSpace', () => {
  const check = createCheck(trimTrailingSpace);

  it('drops white space and blank lines at the end', () => check('a█', '();  \n\t\n ', '();'));
  it('keeps them elsewhere', () => check('a█', '  \n\n b', '  \n\n b'));
  it('leaves nothing of a blank suggestion', () => check('a█', ' \n', ''));
});

describe('dropBlank', () => {
  const check = createCheck(dropBlank);

  it('drops what is empty', () => check('a█', '', undefined));
  it('drops what is only white space', () => check('a█', ' \n\t', undefined));
  it('keeps anything else as it is', () => check('a█', ' ; ', ' ; '));
});
