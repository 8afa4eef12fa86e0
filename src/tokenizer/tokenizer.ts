/**
 * What the rest of Sotto knows of a vocabulary: text to token ids, and ids back to bytes. Knows nothing of the files
 * that a vocabulary comes from (load-tokenizer.ts).
 */
export interface Tokenizer {
  /** The number of ids, special tokens included. */
  readonly vocabulary: number;
  /** The spelling of a special token inside `text` is ordinary characters. It never becomes that token. */
  encode(text: string): number[];
  /**
   * As `encode`, for a text that stands after a mark. SentencePiece puts a space in front of a text, but a model is
   * trained without it there. Absent if `encode` puts nothing in front.
   */
  encodeInside?(text: string): number[];
  /**
   * The bytes of a token. They may be part of a character. A special token has none.
   * @throws RangeError if there is no such id
   */
  bytes(id: number): Uint8Array;
  /** The id of a special token such as `<|endoftext|>`, or undefined if the vocabulary has none of this name. */
  special(name: string): number | undefined;
  /** The token that begins every text, if the model was trained with one. */
  readonly startId?: number;
  /** Each of these tokens ends a text, according to the vocabulary's own file. */
  readonly endIds?: readonly number[];
  /** The marks of fill-in-the-middle, where the file names them by their ids. */
  readonly fillInMiddle?: { readonly prefix: number; readonly suffix: number; readonly middle: number };
}

/** All ids whose bytes contain `byte`, for example the ids that hold a line break. */
export function idsWithByte(tokenizer: Tokenizer, byte: number): number[] {
  const ids: number[] = [];
  for (let id = 0; id < tokenizer.vocabulary; id++) if (tokenizer.bytes(id).includes(byte)) ids.push(id);
  return ids;
}

export interface StreamDecoder {
  /** The text that `id` completes. It is empty while a character is unfinished. */
  push(id: number): string;
}

/** Turns ids into text one by one. Bytes wait until their character is complete, so no half character comes out. */
export function createStreamDecoder(tokenizer: Tokenizer): StreamDecoder {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  return { push: id => utf8.decode(tokenizer.bytes(id), { stream: true }) };
}

/** The text of `ids`. An unfinished character at the end is left out. */
export function decode(tokenizer: Tokenizer, ids: Iterable<number>): string {
  const decoder = createStreamDecoder(tokenizer);
  let text = '';
  for (const id of ids) text += decoder.push(id);
  return text;
}

/** Several windows of a thousand tokens. Beyond it the parts that were used longest ago are forgotten. */
const maxRememberedCharacters = 100_000;

/**
 * A tokenizer that remembers what it has encoded. Each key encodes the prompt several times, and only the line at the
 * cursor has changed since the last key. So a text is cut into parts of about a line, and each part is encoded once.
 *
 * The ids are the same as those of the whole text, because nothing spans two parts. A part ends with an ASCII letter,
 * and the next begins with a space and an ASCII letter. No pattern of `pre-tokenizers.ts` looks at the text before that.
 * Most of them cut there. If one does not, only a token that spans both parts could make a difference. Texts are encoded
 * whole if the vocabulary has such a token, or if the tokenizer changes the beginning of a text.
 */
export function rememberEncodings(tokenizer: Tokenizer): Tokenizer {
  const partsOf = canBeCut(tokenizer) ? cutLines : (text: string) => [text];
  const encode = rememberParts(text => tokenizer.encode(text), partsOf);
  const encodeInside =
    tokenizer.encodeInside &&
    rememberParts(
      text => tokenizer.encodeInside!(text),
      text => [text],
    );
  return { ...tokenizer, encode, ...(encodeInside && { encodeInside }) };
}

function rememberParts(
  encode: (text: string) => readonly number[],
  partsOf: (text: string) => readonly string[],
): (text: string) => number[] {
  const remembered = new Map<string, readonly number[]>();
  let characters = 0;
  const encodePart = (part: string): readonly number[] => {
    const known = remembered.get(part);
    const ids = known ?? encode(part);
    if (known === undefined) characters += part.length;
    remembered.delete(part);
    remembered.set(part, ids);
    for (const oldest of remembered.keys()) {
      if (characters <= maxRememberedCharacters) break;
      remembered.delete(oldest);
      characters -= oldest.length;
    }
    return ids;
  };
  return text => partsOf(text).flatMap(encodePart);
}

/** Cuts every line except the first. The cut is between the first two words with a single space between them. */
function cutLines(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const { index, 0: matched } of text.matchAll(/\n[^\n]*?[A-Za-z](?= [A-Za-z])/g)) {
    parts.push(text.slice(start, index + matched.length));
    start = index + matched.length;
  }
  parts.push(text.slice(start));
  return parts;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const space = 32;

function canBeCut(tokenizer: Tokenizer): boolean {
  for (let id = 0; id < tokenizer.vocabulary; id++) {
    const bytes = tokenizer.bytes(id);
    for (let at = bytes.indexOf(space, 1); at !== -1; at = bytes.indexOf(space, at + 1))
      if (letters.includes(String.fromCharCode(bytes[at - 1]!))) return false;
  }
  // Encoding must put nothing in front of a text and leave no letter out. A letter left out would let its neighbours
  // merge.
  return [...letters].every(letter => {
    const bytes = tokenizer.encode(`${letter} ${letter}`).flatMap(id => [...tokenizer.bytes(id)]);
    return String.fromCharCode(...bytes) === `${letter} ${letter}`;
  });
}

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
