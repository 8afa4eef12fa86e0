/** A tokenizer whose ids a test can read: first the bundled model's special tokens, then one id for each byte. */
import { decode, type Tokenizer } from '../src/tokenizer/tokenizer';

export const marks = ['<|endoftext|>', '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>', '<|path|>'];

export function createByteTokenizer(special: readonly string[] = marks): Tokenizer {
  return {
    vocabulary: special.length + 256,
    encode: text => [...new TextEncoder().encode(text)].map(byte => special.length + byte),
    bytes: id => (id < special.length ? new Uint8Array(0) : Uint8Array.of(id - special.length)),
    special(name) {
      const id = special.indexOf(name);
      return id === -1 ? undefined : id;
    },
  };
}

/** The text of these ids, with special tokens by their names. */
export function spell(
  tokenizer: Tokenizer,
  ids: readonly number[],
  special: readonly string[] = marks,
): string {
  const mark = ids.findIndex(id => id < special.length);
  if (mark === -1) return decode(tokenizer, ids);
  const rest = spell(tokenizer, ids.slice(mark + 1), special);
  return `${decode(tokenizer, ids.slice(0, mark))}${special[ids[mark]!]}${rest}`;
}
