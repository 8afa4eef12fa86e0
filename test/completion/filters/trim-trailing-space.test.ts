import { it } from 'vitest';
import { trimTrailingSpace } from '../../../src/completion/filters/trim-trailing-space';
import { createCheck } from './check-filter';

const check = createCheck(trimTrailingSpace);

it('drops white space and blank lines at the end', () => check('a█', '();  \n\t\n ', '();'));
it('keeps them elsewhere', () => check('a█', '  \n\n b', '  \n\n b'));
it('leaves nothing of a blank suggestion', () => check('a█', ' \n', ''));
