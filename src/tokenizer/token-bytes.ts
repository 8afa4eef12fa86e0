/** The bytes that a vocabulary's spelling of a token stands for. */
import { byteOfCharacter } from './byte-characters';

/** Spelled as GPT-2 does, a character for each byte. @returns undefined if it is not */
export function byteLevelBytes(spelling: string): Uint8Array | undefined {
  const bytes = Array.from(spelling, character => byteOfCharacter.get(character));
  return bytes.includes(undefined) ? undefined : Uint8Array.from(bytes as number[]);
}

/** Spelled as SentencePiece does: spaces as U+2581. */
export function sentencePieceBytes(spelling: string): Uint8Array {
  return utf8Bytes(spelling.replaceAll('▁', ' '));
}

/** SentencePiece's token for a single byte, `<0x0A>`. @returns undefined if it is none */
export function singleByte(spelling: string): Uint8Array | undefined {
  const hex = /^<0x([0-9A-F]{2})>$/.exec(spelling)?.[1];
  return hex === undefined ? undefined : Uint8Array.of(Number.parseInt(hex, 16));
}

export function utf8Bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
