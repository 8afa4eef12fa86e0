import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { decode } from '../../src/tokenizer/stream-decoder';
import { idsWithByte } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';

describe('idsWithByte', () => {
  it('finds the one id of a byte', () => {
    const tokenizer = createByteTokenizer();
    expect(idsWithByte(tokenizer, 10)).toEqual(tokenizer.encode('\n'));
  });

  it('finds every token of the bundled model that holds a line break, and only those', async () => {
    const tokenizer = await loadTokenizer('models/sotto-starter');
    const found = idsWithByte(tokenizer, 10);
    const texts = found.map(id => decode(tokenizer, [id]));
    expect(texts).toContain('\n');
    expect(texts).toContain('\n\n');
    expect(texts.filter(text => !text.includes('\n'))).toEqual([]);
    for (const text of ['foo();\n', 'a\n\n\tb', '\r\n}'])
      expect(
        tokenizer.encode(text).filter(id => found.includes(id)),
        text,
      ).not.toEqual([]);
  });
});
