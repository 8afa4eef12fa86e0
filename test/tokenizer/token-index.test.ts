import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { indexTokens } from '../../src/prompt/token-healing';
import { type Tokenizer, utf8Bytes } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';
import { createRandom } from '../random';
import { openForgetful, testVocabularies } from './library-tokenizers';
import { oddPieces } from './odd-texts';

const root = join(__dirname, '../..');
const byId = (a: number, b: number) => a - b;

/** What the index should find, by looking at every token. Bytes are compared as characters. */
function lookAtAll(tokenizer: Tokenizer, bytes: Uint8Array) {
  const text = String.fromCharCode(...bytes);
  const tokens = Array.from({ length: tokenizer.vocabulary }, (_, id) => ({
    id,
    token: String.fromCharCode(...tokenizer.bytes(id)),
  })).filter(({ token }) => token !== '');
  const idsOf = (found: typeof tokens) => found.map(({ id }) => id);
  return {
    parts: idsOf(tokens.filter(({ token }) => text.startsWith(token) && token !== text)),
    wholes: idsOf(tokens.filter(({ token }) => token.startsWith(text))),
  };
}

it('finds the same tokens as a search through the whole vocabulary, for every kind of tokenizer', () => {
  const random = createRandom(5);
  const pieces = [...oddPieces, 'a', ' re', 'turn', 'st', 'i', '__', 'e'];
  let found = 0;
  for (const model of testVocabularies(root)) {
    const tokenizer = openForgetful(model);
    const find = indexTokens(tokenizer);
    for (let index = 0; index < 40; index++) {
      const all = utf8Bytes(random.join(pieces, 1 + random.below(3)));
      const from = random.below(all.length);
      const bytes = all.subarray(from, from + 1 + random.below(6));
      const { parts, wholes } = find(bytes);
      const expected = lookAtAll(tokenizer, bytes);
      expect({ parts: parts.toSorted(byId), wholes: wholes.toSorted(byId) }, `${model}: ${bytes}`).toEqual(
        expected,
      );
      found += parts.length + wholes.length;
    }
  }
  expect(found).toBeGreaterThan(1000);
});

describe('a vocabulary of single bytes', () => {
  const tokenizer = createByteTokenizer();
  const find = indexTokens(tokenizer);

  it('finds the token of the first byte as a part', () =>
    expect(find(utf8Bytes('ab'))).toEqual({ parts: tokenizer.encode('a'), wholes: [] }));
  it('finds the token of a single byte as a whole', () =>
    expect(find(utf8Bytes('a'))).toEqual({ parts: [], wholes: tokenizer.encode('a') }));
});
