/** The bytes of a token, from the spelling that a vocabulary file has for it. */

/**
 * GPT-2 spells each byte as one character. A printable byte is its own character. The others are the characters from
 * U+0100 on, in order.
 * Source: https://github.com/openai/gpt-2, `encoder.py`, `bytes_to_unicode`.
 */
export const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => byte).reduce<[string, number][]>((entries, byte) => {
    const shifted = entries.filter(([character]) => character.codePointAt(0)! >= 256).length;
    entries.push([String.fromCodePoint(isPrintable(byte) ? byte : 256 + shifted), byte]);
    return entries;
  }, []),
);

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
}

/** @returns the bytes of a GPT-2 spelling, or undefined if `spelling` is not one */
export function byteLevelBytes(spelling: string): Uint8Array | undefined {
  const bytes = Array.from(spelling, character => byteOfCharacter.get(character));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}

/** The bytes of a SentencePiece spelling, which writes a space as U+2581. */
export function sentencePieceBytes(spelling: string): Uint8Array {
  return utf8Bytes(spelling.replaceAll('▁', ' '));
}

/**
 * @returns the byte of a SentencePiece token for a single byte, such as `<0x0A>`, or undefined if it is another token
 */
export function singleByte(spelling: string): Uint8Array | undefined {
  const hex = /^<0x([0-9A-F]{2})>$/.exec(spelling)?.[1];
  return hex === undefined ? undefined : Uint8Array.of(Number.parseInt(hex, 16));
}

export function utf8Bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
