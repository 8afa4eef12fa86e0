import { describe, expect, it } from 'vitest';
import { applyFilters } from '../../../src/completion/filters/filters';
import { lineSuffix } from '../../../src/document/document-snapshot';
import { accept, place } from '../../notation';
import { createRandom } from '../../random';

function check(before: string, suggestion: string, after: string | undefined) {
  const document = place(before);
  const filtered = applyFilters(suggestion, document);
  expect('droppedBy' in filtered ? undefined : accept(document, filtered)).toBe(after);
}

describe('the text of the model', () => {
  it('stays as it is if no filter applies', () => check('a = █', 'foo();', 'a = foo();█'));
  it('loses lines that repeat the text below, and the white space before them', () =>
    check('a = █\nb = 2', '1;\n\n  b = 2\nc', 'a = 1;█\nb = 2'));
  it('loses a repeated line before it is fitted to the rest of the line', () =>
    check('foo(█)', 'a)\nbar()\nbar()', 'foo(a)\nbar()█'));
  it('loses the white space at its end before it is fitted', () => check('foo(█)', 'a) \n', 'foo(a█)'));
  it('is dropped if nothing is left', () => check('a();\n█\nb();', 'b();\nc();', undefined));
  it('is dropped if it is only white space', () => check('a();\n█', '\n  \n', undefined));
});

/** Whether the characters of `part` occur in `whole`, in their order. */
function isSubsequence(part: string, whole: string): boolean {
  const rest = [...part];
  for (const character of whole) if (rest[0] === character) rest.shift();
  return rest.length === 0;
}

it('no suggestion removes text right of the cursor', () => {
  const random = createRandom(8);
  const pieces = [
    'a',
    'b',
    'foo',
    '(',
    ')',
    '(',
    ')',
    ']',
    '"',
    ';',
    ', ',
    ' ',
    '{',
    '}',
    '\n',
    '\n  ',
    '😀',
  ];
  let replacing = 0;
  let shown = 0;
  for (let trial = 0; trial < 8_000; trial++) {
    const document = place(`${random.join(pieces, random.below(8))}█${random.join(pieces, random.below(6))}`);
    const insertion = applyFilters(random.join(pieces, random.below(10)), document);
    if ('droppedBy' in insertion) continue;
    shown++;
    const { text, replaceAfter } = insertion;
    const right = lineSuffix(document);
    const firstLine = text.slice(0, `${text}\n`.indexOf('\n'));
    const message = JSON.stringify({ document, insertion });
    expect(text.trim(), message).not.toBe('');
    expect(replaceAfter, message).toBeLessThanOrEqual(right.length);
    if (replaceAfter === 0) continue;
    replacing++;
    // VS Code shows ghost text only if the replaced text occurs in the first line.
    expect(isSubsequence(right.slice(0, replaceAfter), firstLine), message).toBe(true);
  }
  expect(shown).toBeGreaterThan(2_000);
  expect(replacing).toBeGreaterThan(40);
});
