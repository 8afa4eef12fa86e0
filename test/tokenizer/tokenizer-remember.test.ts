import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rememberEncodings, type Tokenizer } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';
import { createRandom } from '../random';
import { openForgetful, testVocabularies } from './library-tokenizers';
import { oddPieces } from './odd-texts';

const root = join(__dirname, '../..');

/** Records the texts that are encoded. */
function counting(tokenizer: Tokenizer) {
  const texts: string[] = [];
  const encode = (text: string) => {
    texts.push(text);
    return tokenizer.encode(text);
  };
  return { tokenizer: { ...tokenizer, encode }, texts };
}

it('gives the ids of the whole text, for every kind of tokenizer', () => {
  const random = createRandom(11);
  const pieces = [...oddPieces, 'a', 'b', ' c', ' return', '\nif', '\n\t', '\r\n', "'s", ' ', ' (', '7'];
  const code = readFileSync(join(root, 'src/completion/when.ts'), 'utf8');
  for (const model of testVocabularies(root)) {
    const tokenizer = openForgetful(model);
    const remembering = rememberEncodings(tokenizer);
    const check = (text: string) =>
      expect(remembering.encode(text), `${model}: ${JSON.stringify(text)}`).toEqual(tokenizer.encode(text));
    for (let index = 0; index < 200; index++) check(random.join(pieces, random.below(24)));
    for (let end = 0; end < code.length; end += 293) check(code.slice(0, end));
  }
}, 60_000);

describe('an encoding', () => {
  it('is made again only for the part of the text that has changed', () => {
    const { tokenizer, texts } = counting(createByteTokenizer());
    const remembering = rememberEncodings(tokenizer);
    remembering.encode('if (a)\n  return c;\n}\nconst d');
    texts.length = 0;
    remembering.encode('if (a)\n  return c;\n}\nconst de');
    expect(texts).toEqual([' de']);
  });

  it('stays the same if a caller changes the ids that it got', () => {
    const remembering = rememberEncodings(createByteTokenizer());
    remembering.encode('a').push(7);
    expect(remembering.encode('a')).toEqual(createByteTokenizer().encode('a'));
  });

  it('is forgotten when it was used longest ago and there are too many', () => {
    const { tokenizer, texts } = counting(createByteTokenizer());
    const remembering = rememberEncodings(tokenizer);
    const [first, second] = ['a'.repeat(60_000), 'b'.repeat(40_000)];
    for (const text of [first, second, first, 'c']) remembering.encode(text);
    texts.length = 0;
    for (const text of ['c', first, second]) remembering.encode(text);
    expect(texts.map(text => text[0])).toEqual(['b']);
  });
});

describe('a text is encoded whole', () => {
  const bytes = createByteTokenizer();
  const check = (tokenizer: Tokenizer) => {
    const { tokenizer: counted, texts } = counting(tokenizer);
    const remembering = rememberEncodings(counted);
    texts.length = 0;
    remembering.encode('\na b');
    expect(texts).toEqual(['\na b']);
  };

  it('if a token spans two words', () =>
    check({
      ...bytes,
      vocabulary: bytes.vocabulary + 1,
      bytes: id => (id === bytes.vocabulary ? Uint8Array.of(97, 32) : bytes.bytes(id)),
    }));

  it('if the tokenizer puts something in front of it', () =>
    check({ ...bytes, encode: text => bytes.encode(` ${text}`) }));

  it('if the tokenizer leaves a letter out', () =>
    check({ ...bytes, encode: text => bytes.encode(text.replaceAll('q', '')) }));
});
