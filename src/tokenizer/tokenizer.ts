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
