import { it } from 'vitest';
import { dropDoubledSpace } from '../../../src/completion/filters/drop-doubled-space';
import { createCheck } from './check-filter';

const check = createCheck(dropDoubledSpace);

it('drops a space after a space', () => check('a = █', ' b', 'b'));
it('drops several', () => check('a = █', '  b', 'b'));
it('keeps one after a word', () => check('a =█', ' b', ' b'));
it('keeps what indents a line', () => check('{\n  █', '  b', '  b'));
it('keeps one after a tab', () => check('a\t█', ' b', ' b'));
it('keeps what is only white space', () => check('a = █', ' ', ' '));
it('keeps a line break', () => check('a = █', ' \nb', ' \nb'));
