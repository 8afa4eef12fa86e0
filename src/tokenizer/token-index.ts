/**
 * An index of a vocabulary by the first two bytes of its tokens. It finds the tokens that can spell the beginning of a
 * text without looking at every token: of the 49,152 tokens of SmolLM2, at most 2,342 share their first two bytes.
 */
import type { Tokenizer } from './tokenizer';

export interface SpellingTokens {
  /** Tokens that are a beginning of the text, but not the whole text. */
  readonly parts: readonly number[];
  /** Tokens that are the whole text, or begin with it. */
  readonly wholes: readonly number[];
}

/** @param bytes the text, not empty */
export type TokenIndex = (bytes: Uint8Array) => SpellingTokens;

/** The key of a token without a second byte. */
const noByte = -1;

export function indexTokens(tokenizer: Tokenizer): TokenIndex {
  /** Ids by their first byte, then by their second. */
  const index = new Map<number, Map<number, number[]>>();
  for (let id = 0; id < tokenizer.vocabulary; id++) {
    const [first, second = noByte] = tokenizer.bytes(id);
    // A special token has no bytes. It would count as a beginning of every text.
    if (first === undefined) continue;
    const seconds = index.get(first) ?? new Map<number, number[]>();
    const ids = seconds.get(second) ?? [];
    ids.push(id);
    index.set(first, seconds.set(second, ids));
  }

  return bytes => {
    const [first, second = noByte] = bytes;
    const seconds = index.get(first!) ?? new Map<number, number[]>();
    const singles = seconds.get(noByte) ?? [];
    if (bytes.length === 1) return { parts: [], wholes: [...seconds.values()].flat() };
    const alike = (seconds.get(second) ?? []).filter(id => isAlike(tokenizer.bytes(id), bytes));
    const isPart = (id: number) => tokenizer.bytes(id).length < bytes.length;
    return { parts: [...singles, ...alike.filter(isPart)], wholes: alike.filter(id => !isPart(id)) };
  };
}

/** Whether one of the two begins with the other. */
function isAlike(a: Uint8Array, b: Uint8Array): boolean {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return false;
  return true;
}
