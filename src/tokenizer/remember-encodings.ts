/**
 * A tokenizer that remembers what it has encoded. A prompt is counted and encoded at every key, several times over, and
 * all but the line at the cursor is what it was a key ago: so texts are encoded in parts of about a line, and each part
 * once. The ids are the same as of the whole text.
 *
 * That holds where nothing spans two parts. A part ends with an ASCII letter, and the next begins with a space and
 * another: there each pattern of `pre-tokenizers.ts` ends a piece and none looks back, and where nothing is cut into
 * pieces, merges are all there is. So only a token could span them. If a vocabulary has such a one, or if a text's
 * beginning is changed before it is merged, texts are encoded whole.
 */
import type { Tokenizer } from './tokenizer';

/** Of the parts that are kept, the least recently used goes first: several windows of a thousand tokens. */
const rememberedCharacters = 100_000;

export function rememberEncodings(tokenizer: Tokenizer): Tokenizer {
  const partsOf = canBeCut(tokenizer) ? cutLines : (text: string) => [text];
  const remembered = new Map<string, readonly number[]>();
  let characters = 0;
  const encodePart = (part: string): readonly number[] => {
    const known = remembered.get(part);
    const ids = known ?? tokenizer.encode(part);
    if (known === undefined) characters += part.length;
    remembered.delete(part);
    remembered.set(part, ids);
    for (const oldest of remembered.keys()) {
      if (characters <= rememberedCharacters) break;
      remembered.delete(oldest);
      characters -= oldest.length;
    }
    return ids;
  };
  return { ...tokenizer, encode: text => partsOf(text).flatMap(encodePart) };
}

/** Cuts each line but the first between its first two words that a single space parts. */
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
  // Each is its own bytes: nothing is put in front, and nothing left out that would let its neighbours meet.
  return [...letters].every(letter => {
    const bytes = tokenizer.encode(`${letter} ${letter}`).flatMap(id => [...tokenizer.bytes(id)]);
    return String.fromCharCode(...bytes) === `${letter} ${letter}`;
  });
}
