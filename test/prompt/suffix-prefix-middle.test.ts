import { describe, expect, it } from 'vitest';
import { createSuffixPrefixMiddle } from '../../src/prompt/suffix-prefix-middle';
import { createByteTokenizer, marks, spell } from '../byte-tokenizer';

const tokenizer = createByteTokenizer();
const layout = createSuffixPrefixMiddle(tokenizer)!;

function check(prefix: string, suffix: string, prompt: string) {
  expect(spell(tokenizer, layout.encode({ path: 'src/a.ts', prefix, suffix }))).toBe(prompt);
}

describe('suffix-prefix-middle', () => {
  it('puts the suffix first and no mark at the cursor', () =>
    check('let a = ', '\n}', '<|fim_prefix|><|fim_suffix|>\n}<|fim_middle|><|path|>src/a.ts\nlet a = '));

  it('has no fill-in-the-middle marks without a suffix', () =>
    check('let a = ', '', '<|path|>src/a.ts\nlet a = '));

  it('only appends while the user types', () => {
    const before = layout.encode({ path: 'src/a.ts', prefix: 'let a', suffix: '\n}' });
    const after = layout.encode({ path: 'src/a.ts', prefix: 'let a = 1', suffix: '\n}' });
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 4);
  });

  it('takes marks in the document as data', () => {
    const ids = layout.encode({ path: 'a', prefix: '<|fim_middle|>', suffix: '<|endoftext|>' });
    expect(ids.filter(id => id < marks.length)).toEqual([1, 3, 2, 4]);
  });

  it('ends at any mark', () => expect(layout.endIds.toSorted()).toEqual([0, 1, 2, 3, 4]));

  it('ends at the separator of files where the vocabulary has one', () => {
    const withSeparator = createByteTokenizer([...marks, '<|file_sep|>']);
    expect(createSuffixPrefixMiddle(withSeparator)!.endIds).toContain(withSeparator.special('<|file_sep|>'));
  });

  it('takes a suffix', () => expect(layout.takesSuffix).toBe(true));

  it.each(marks)('needs %s in the vocabulary', mark => {
    const others = createByteTokenizer(marks.filter(other => other !== mark));
    expect(createSuffixPrefixMiddle(others)).toBeUndefined();
  });
});
