/** Byte-level cutting, in the words of a `tokenizer.json`, as the library is asked to do it. */
import { byteOfCharacter } from './byte-characters';

/** @param has whether the vocabulary has a token of this spelling */
export function byteLevelSteps(patterns: readonly string[], has: (spelling: string) => boolean): object {
  const missing = [...byteOfCharacter.keys()].filter(character => !has(character));
  return {
    type: 'Sequence',
    pretokenizers: [
      ...patterns.map(splitStep),
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      // The reference drops a byte that has no token before it merges, the library after: others would meet or not.
      ...(missing.length > 0
        ? [{ type: 'Replace', pattern: { Regex: `[${missing.map(escaped).join('')}]` }, content: '' }]
        : []),
    ],
  };
}

/** Cuts into the matches of `regex`, and what lies between them. */
export function splitStep(regex: string): object {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
