import { describe, expect, it } from 'vitest';
import { createPrefixOnly, createSuffixPrefixMiddle } from '../../src/prompt/prompt-layout';
import { createByteTokenizer, marks, spell } from '../byte-tokenizer';

const tokenizer = createByteTokenizer();
const layout = createSuffixPrefixMiddle(tokenizer)!;

function check(prefix: string, suffix: string, prompt: string) {
  expect(spell(tokenizer, layout.encode({ path: 'src/a.ts', prefix, suffix }))).toBe(prompt);
}

describe('suffix-prefix-middle', () => {
  it('puts the suffix first, and no mark at the cursor', () =>
    check('let a = ', '\n}', '<|fim_prefix|><|fim_suffix|>\n}<|fim_middle|><|path|>src/a.ts\nlet a = '));

  it('leaves out the fill-in-the-middle marks if there is no suffix', () =>
    check('let a = ', '', '<|path|>src/a.ts\nlet a = '));

  it('only appends while the user types', () => {
    const before = layout.encode({ path: 'src/a.ts', prefix: 'let a', suffix: '\n}' });
    const after = layout.encode({ path: 'src/a.ts', prefix: 'let a = 1', suffix: '\n}' });
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 4);
  });

  it('encodes the spelling of a mark in the document as plain text', () => {
    const ids = layout.encode({ path: 'a', prefix: '<|fim_middle|>', suffix: '<|endoftext|>' });
    expect(ids.filter(id => id < marks.length)).toEqual([1, 3, 2, 4]);
  });

  it('ends at any mark', () => expect(layout.endIds.toSorted()).toEqual([0, 1, 2, 3, 4]));

  it('ends at the mark between files if the vocabulary has it', () => {
    const withSeparator = createByteTokenizer([...marks, '<|file_sep|>']);
    expect(createSuffixPrefixMiddle(withSeparator)!.endIds).toContain(withSeparator.special('<|file_sep|>'));
  });

  it('has a suffix that begins at the end of the line', () => expect(layout.suffixFrom).toBe('line end'));

  it.each(marks)('needs %s in the vocabulary', mark => {
    const others = createByteTokenizer(marks.filter(other => other !== mark));
    expect(createSuffixPrefixMiddle(others)).toBeUndefined();
  });
});

describe('prefix only', () => {
  const layout = createPrefixOnly(tokenizer);

  it('shows the model the prefix and nothing else', () => {
    const ids = layout.encode({ path: 'src/a.ts', prefix: 'let a = ', suffix: '\n}' });
    expect(spell(tokenizer, ids)).toBe('let a = ');
  });

  it('has no suffix', () => expect(layout.suffixFrom).toBeUndefined());

  it('ends at the token that ends a text', () =>
    expect(layout.endIds).toEqual([tokenizer.special('<|endoftext|>')]));

  it('has no end token if the vocabulary has none', () =>
    expect(createPrefixOnly(createByteTokenizer([])).endIds).toEqual([]));
});
