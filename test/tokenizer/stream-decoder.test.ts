import { describe, expect, it } from 'vitest';
import { createStreamDecoder, decode } from '../../src/tokenizer/stream-decoder';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer } from '../byte-tokenizer';
import { createRandom } from '../random';
import { oddTexts } from './odd-texts';

/** Ids 0, 1, ... are these pieces. */
function piecesTokenizer(pieces: readonly Uint8Array[]): Tokenizer {
  return {
    vocabulary: pieces.length,
    bytes: id => pieces[id]!,
    encode: () => pieces.map((_, id) => id),
    special: () => undefined,
  };
}

/** The text after each token, where the tokens are bytes as `pieces` says. */
function check(pieces: readonly (readonly number[])[], texts: readonly string[]) {
  const decoder = createStreamDecoder(piecesTokenizer(pieces.map(bytes => Uint8Array.from(bytes))));
  expect(pieces.map((_, id) => decoder.push(id))).toEqual(texts);
}

describe('the stream decoder', () => {
  it('gives plain text at once', () => check([[97], [98, 99]], ['a', 'bc']));

  it('waits until a character is whole', () => check([[0xf0], [0x9f, 0x98], [0x80, 0x21]], ['', '', '😀!']));

  it('gives the whole characters before an unfinished one', () => check([[97, 0xc3], [0xa9]], ['a', 'é']));

  it('gives U+FFFD for bytes that are no character, and goes on', () =>
    check([[0xff], [0xc3], [0x28]], ['\ufffd', '', '\ufffd(']));

  it('keeps a byte order mark', () => check([[0xef, 0xbb, 0xbf], [97]], ['\ufeff', 'a']));

  it('never emits half a character, wherever the tokens are cut', () => {
    const random = createRandom(4);
    for (const odd of oddTexts(1_500, 5)) {
      const bytes = Buffer.from(odd);
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += pieces.at(-1)!.length)
        pieces.push(bytes.subarray(at, at + 1 + random.below(4)));
      const decoder = createStreamDecoder(piecesTokenizer(pieces));
      const whole = bytes.toString();
      let text = '';
      for (const id of pieces.keys()) {
        text += decoder.push(id);
        // A half of a surrogate pair would not survive the way through UTF-8.
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
