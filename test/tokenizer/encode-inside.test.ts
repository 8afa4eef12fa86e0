/** Texts that stand after a mark: without the space that SentencePiece puts in front of a text. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { decode } from '../../src/tokenizer/tokenizer';
import { testVocabularies } from './library-tokenizers';
import { oddTexts } from './odd-texts';

const names = testVocabularies(process.cwd());
const texts = ['x', ' x', '  x = 1', '\n}', '▁x', 'return x\n', '日本', ...oddTexts(100, 3)];

describe.each(names.map(path => [basename(path), path]))('%s', (_, path) => {
  it('gives the ids that the text has inside a longer one', async () => {
    const { encode, encodeInside } = await loadTokenizer(path);
    if (encodeInside === undefined) return;
    // Meta's and Mistral's own code does it in this way: nothing merges with this character.
    const before = encode('☺').length;
    for (const text of texts) expect(encodeInside(text)).toEqual(encode(`☺${text}`).slice(before));
  });

  it('puts nothing in front of the text', async () => {
    const tokenizer = await loadTokenizer(path);
    const ids = tokenizer.encodeInside?.('xyz') ?? tokenizer.encode('xyz');
    expect(decode(tokenizer, ids)).toBe('xyz');
  });
});

it('is there for the vocabularies that put a space in front, and only for those', async () => {
  const prefixed = await Promise.all(
    names.map(async path => ((await loadTokenizer(path)).encodeInside ? [basename(path)] : [])),
  );
  expect(prefixed.flat().sort()).toEqual([
    'llama-2',
    'llama-2-added',
    'metaspace',
    'sentence-piece.gguf',
    'tinyllama',
  ]);
});
