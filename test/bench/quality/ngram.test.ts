import { expect, it } from 'vitest';
import { completeByMatch } from '../../../bench/quality/ngram';
import { place } from '../../notation';

function check(text: string, expected: string | undefined): void {
  const { prefix, suffix } = place(text);
  expect(completeByMatch(prefix, suffix)?.text).toBe(expected);
}

it('suggests what follows the same text above', () => check('foo.bar(baz);\nfoo.ba█', 'r(baz);'));
it('suggests what follows the same text below', () => check('foo.ba█\nfoo.bar(baz);', 'r(baz);'));
it('suggests nothing where the line of the match ends', () => check('a = [\n  b,\n];\na = [█', undefined));
it('leaves out white space at the end of the line', () => check('a.b = c  \na.b =█', ' c'));
it('needs three equal tokens', () => check('.bar(baz);\n.ba█', undefined));
it('takes the longest match', () => check('x(a.b.c);\ny(a.b.d);\nx(a.b█', '.c);'));
it('takes the nearest of two matches above that are equally long', () =>
  check('(a.b.c);\n(a.b.d);\n(a.b█', '.d);'));
it('prefers a match above to one below', () => check('\n(a.b.c);\n(a.b█\n(a.b.d);', '.c);'));
it('suggests nothing at the beginning of the file', () => check('█foo.bar', undefined));
it('does not match the text before the cursor with itself', () => check('foo.bar█', undefined));
