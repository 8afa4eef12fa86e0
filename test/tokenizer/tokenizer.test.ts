import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { createStreamDecoder, decode, idsWithByte, type Tokenizer } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';
import { createRandom } from '../random';
import { oddTexts } from './odd-texts';

/** Ids 0, 1, ... have these bytes. */
function tokenizerOf(bytesOfId: readonly Uint8Array[]): Tokenizer {
  return {
    vocabulary: bytesOfId.length,
    bytes: id => bytesOfId[id]!,
    encode: () => bytesOfId.map((_, id) => id),
    special: () => undefined,
  };
}

/** Each token, given by its bytes, completes the text at its place in `texts`. */
function check(tokens: readonly (readonly number[])[], texts: readonly string[]) {
  const decoder = createStreamDecoder(tokenizerOf(tokens.map(bytes => Uint8Array.from(bytes))));
  expect(tokens.map((_, id) => decoder.push(id))).toEqual(texts);
}

describe('the stream decoder', () => {
  it('gives plain text at once', () => check([[97], [98, 99]], ['a', 'bc']));

  it('waits until a character is whole', () => check([[0xf0], [0x9f, 0x98], [0x80, 0x21]], ['', '', '😀!']));

  it('gives the whole characters before an unfinished one', () => check([[97, 0xc3], [0xa9]], ['a', 'é']));

  it('gives U+FFFD for bytes that are not a character, and goes on', () =>
    check([[0xff], [0xc3], [0x28]], ['\ufffd', '', '\ufffd(']));

  it('keeps a byte order mark', () => check([[0xef, 0xbb, 0xbf], [97]], ['\ufeff', 'a']));

  it('never emits half a character, wherever the tokens are cut', () => {
    const random = createRandom(4);
    for (const odd of oddTexts(1_500, 5)) {
      const bytes = Buffer.from(odd);
      const tokens: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += tokens.at(-1)!.length)
        tokens.push(bytes.subarray(at, at + 1 + random.below(4)));
      const decoder = createStreamDecoder(tokenizerOf(tokens));
      const whole = bytes.toString();
      let text = '';
      for (const id of tokens.keys()) {
        text += decoder.push(id);
        // Half of a surrogate pair would not survive the conversion to UTF-8 and back.
        const isHalf = !whole.startsWith(text) || Buffer.from(text).toString() !== text;
        if (isHalf) expect.fail(`${JSON.stringify(text)} of ${JSON.stringify(whole)}`);
      }
      expect(text).toBe(whole);
    }
  });
});

describe('decode', () => {
  const tokenizer = createByteTokenizer();
  const ids = tokenizer.encode('né');

  it('gives the text of ids', () => expect(decode(tokenizer, ids)).toBe('né'));
  it('leaves out an unfinished character at the end', () =>
    expect(decode(tokenizer, ids.slice(0, -1))).toBe('n'));
  it('gives nothing for a special token', () => expect(decode(tokenizer, [0, ...ids, 1])).toBe('né'));
});

describe('idsWithByte', () => {
  it('finds the id of a single byte', () => {
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
