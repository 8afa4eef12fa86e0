import { it } from 'vitest';
import { dropBlank } from '../../../src/completion/filters/drop-blank';
import { createCheck } from './check-filter';

const check = createCheck(dropBlank);

it('drops what is empty', () => check('a█', '', undefined));
it('drops what is only white space', () => check('a█', ' \n\t', undefined));
it('keeps anything else as it is', () => check('a█', ' ; ', ' ; '));
