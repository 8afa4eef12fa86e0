/** Turns ids into text as they come, and never emits half a character: bytes wait until their character is whole. */
import type { Tokenizer } from './tokenizer';

export interface StreamDecoder {
  /** The text that `id` completes; empty while a character is unfinished. */
  push(id: number): string;
}

export function createStreamDecoder(tokenizer: Tokenizer): StreamDecoder {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  return { push: id => utf8.decode(tokenizer.bytes(id), { stream: true }) };
}

/** The text of `ids`; an unfinished character at the end is left out. */
export function decode(tokenizer: Tokenizer, ids: Iterable<number>): string {
  const decoder = createStreamDecoder(tokenizer);
  let text = '';
  for (const id of ids) text += decoder.push(id);
  return text;
}
