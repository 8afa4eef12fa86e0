/** Text to token ids and back to bytes, as everything above the model uses it. */
export interface Tokenizer {
  /** How many ids there are, special tokens included. */
  readonly vocabulary: number;
  /** `text` is data: the spelling of a special token in it is ordinary characters, never that token. */
  encode(text: string): number[];
  /** The bytes an id stands for: possibly part of a character; none for a special token. */
  bytes(id: number): Uint8Array;
  /** The id of a special token, e.g. `<|endoftext|>`; undefined if the vocabulary has none of that name. */
  special(name: string): number | undefined;
  /** Stands in front of every text that the model has seen. */
  readonly startId?: number;
  /** After one of these a text is over, as the vocabulary's own file says. */
  readonly endIds?: readonly number[];
  /** Marks of fill-in-the-middle that the file names by their ids. */
  readonly fillInMiddle?: { readonly prefix: number; readonly suffix: number; readonly middle: number };
}

/** All ids whose bytes contain `byte`; the ids that hold a line break, say. */
export function idsWithByte(tokenizer: Tokenizer, byte: number): number[] {
  const ids: number[] = [];
  for (let id = 0; id < tokenizer.vocabulary; id++) if (tokenizer.bytes(id).includes(byte)) ids.push(id);
  return ids;
}
