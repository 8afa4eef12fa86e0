import { describe, it } from 'vitest';
import {
  dropBlank,
  dropDoubledSpace,
  normaliseLineEnds,
  trimTrailingSpace,
} from '../../../src/completion/filters/clean-text';
import { createCheck } from './check-filter';

describe('normaliseLineEnds', () => {
  const check = createCheck(normaliseLineEnds);

  it('turns a line end of two characters into one', () => check('a█', '();\r\nb();\r\n', '();\nb();\n'));
  it('keeps line ends of one character', () => check('a█', '();\nb();', '();\nb();'));
});

describe('dropDoubledSpace', () => {
  const check = createCheck(dropDoubledSpace);

  it('drops a space after a space', () => check('a = █', ' b', 'b'));
  it('drops several spaces', () => check('a = █', '  b', 'b'));
  it('keeps a space after a word', () => check('a =█', ' b', ' b'));
  it('keeps an indentation', () => check('{\n  █', '  b', '  b'));
  it('keeps a space after a tab', () => check('a\t█', ' b', ' b'));
  it('keeps a text of only white space', () => check('a = █', ' ', ' '));
  it('keeps a line break', () => check('a = █', ' \nb', ' \nb'));
});

describe('trimTrailingSpace', () => {
  const check = createCheck(trimTrailingSpace);

  it('drops white space and blank lines at the end', () => check('a█', '();  \n\t\n ', '();'));
  it('keeps white space at other places', () => check('a█', '  \n\n b', '  \n\n b'));
  it('leaves nothing of a blank suggestion', () => check('a█', ' \n', ''));
});

describe('dropBlank', () => {
  const check = createCheck(dropBlank);

  it('drops an empty text', () => check('a█', '', undefined));
  it('drops a text of only white space', () => check('a█', ' \n\t', undefined));
  it('keeps any other text as it is', () => check('a█', ' ; ', ' ; '));
});
