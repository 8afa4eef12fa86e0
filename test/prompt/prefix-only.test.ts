import { describe, expect, it } from 'vitest';
import { createPrefixOnly } from '../../src/prompt/prefix-only';
import { createByteTokenizer, spell } from '../byte-tokenizer';

const tokenizer = createByteTokenizer();
const layout = createPrefixOnly(tokenizer);

describe('prefix only', () => {
  it('shows the model the prefix and nothing else', () => {
    const ids = layout.encode({ path: 'src/a.ts', prefix: 'let a = ', suffix: '\n}' });
    expect(spell(tokenizer, ids)).toBe('let a = ');
  });

  it('takes no suffix', () => expect(layout.takesSuffix).toBe(false));

  it('ends at the end of the text', () =>
    expect(layout.endIds).toEqual([tokenizer.special('<|endoftext|>')]));

  it('ends at nothing where the vocabulary has no such token', () =>
    expect(createPrefixOnly(createByteTokenizer([])).endIds).toEqual([]));
});
