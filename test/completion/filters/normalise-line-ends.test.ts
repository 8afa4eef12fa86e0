import { it } from 'vitest';
import { normaliseLineEnds } from '../../../src/completion/filters/normalise-line-ends';
import { createCheck } from './check-filter';

const check = createCheck(normaliseLineEnds);

it('makes one character of a line end of two', () => check('a█', '();\r\nb();\r\n', '();\nb();\n'));
it('leaves a text of single ones as it is', () => check('a█', '();\nb();', '();\nb();'));
