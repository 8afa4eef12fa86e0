import { expect, it } from 'vitest';
import { completeByMatch } from '../../../bench/quality/ngram';
import { place } from '../../notation';

function check(text: string, expected: string | undefined): void {
  const { prefix, suffix } = place(text);
  expect(completeByMatch(prefix, suffix)?.text).toBe(expected);
}

it('goes on as the same text did above', () => check('foo.bar(baz);\nfoo.ba█', 'r(baz);'));
it('goes on as the same text does below', () => check('foo.ba█\nfoo.bar(baz);', 'r(baz);'));
it('ends where the line does', () => check('a = [\n  b,\n];\na = [█', undefined));
it('leaves out white space at the end', () => check('a.b = c  \na.b =█', ' c'));
it('needs three tokens that agree', () => check('.bar(baz);\n.ba█', undefined));
it('takes the longest match', () => check('x(a.b.c);\ny(a.b.d);\nx(a.b█', '.c);'));
it('takes the nearest above of two that are as long', () => check('(a.b.c);\n(a.b.d);\n(a.b█', '.d);'));
it('prefers above to below', () => check('\n(a.b.c);\n(a.b█\n(a.b.d);', '.c);'));
it('says nothing at the beginning', () => check('█foo.bar', undefined));
it('does not find itself', () => check('foo.bar█', undefined));
