/**
 * Token healing (Lundberg, "Prompt Boundaries and Token Healing", 2023, github.com/guidance-ai/guidance).
 *
 * If the cursor is inside a word, the prompt would end with a token that the model has rarely seen at this place. In its
 * training, `listeners` is one token, and so are a blank and the word after it. So the prompt ends before the unfinished
 * token, and the model must begin its answer with the text that was left out. Any tokens that spell this text are allowed.
 *
 * The prompt ends before all of the word, or before all of the blanks. To leave out only the last token is not enough,
 * because token boundaries move as a word grows (docs/log.md, "Token healing").
 */
import { isWordCharacter } from '../document/words';
import type { ConstraintState } from '../generation/engine';
import { decode, type Tokenizer, utf8Bytes } from '../tokenizer/tokenizer';

export interface HealedText {
  /** The beginning of the text, which the prompt shows. */
  readonly kept: string;
  /** The rest of the text. The model's answer begins with it. */
  readonly typed: string;
  /** Makes the answer begin with `typed`. In its state number `n`, `n` bytes of `typed` are spelled. */
  readonly constraint: readonly ConstraintState[];
}

/** @param text before the cursor @returns undefined at the beginning of a line, or if the prompt would be empty */
export type HealText = (text: string) => HealedText | undefined;

/** Each of these tokens costs a run of the model at every key. Few words have more tokens. */
const maxTokens = 4;

/** Reads the vocabulary the first time that there is something to heal. */
export function createTokenHealing(tokenizer: Tokenizer): HealText {
  let index: TokenIndex | undefined;
  return text => {
    const at = unfinishedFrom(tokenizer, text);
    if (at === text.length) return undefined;
    index ??= indexTokens(tokenizer);
    const typed = text.slice(at);
    return { kept: text.slice(0, at), typed, constraint: spellings(tokenizer, index, utf8Bytes(typed)) };
  };
}

/** @returns where the last word, blanks or token of the text begins; the length of the text if nothing is to be healed */
function unfinishedFrom(tokenizer: Tokenizer, text: string): number {
  let at = text.length;
  // If the model had to spell a line break again, it would most likely write an empty line.
  if (text.endsWith('\n')) return at;
  const ids = tokenizer.encode(text);
  for (let count = 1; count <= maxTokens && (at === text.length || isWithin(text, at)); count++) {
    const end = decode(tokenizer, ids.slice(-count));
    // The prompt must not become empty, and it must not end inside a character.
    if (end.length < text.length && text.endsWith(end)) at = text.length - end.length;
  }
  return at;
}

/** Whether a cut at `at` would be inside a word or between two blanks. */
function isWithin(text: string, at: number): boolean {
  const isInWord = isWordCharacter(text, at - 1) && isWordCharacter(text, at);
  return isInWord || /^\s{2}$/.test(text.slice(at - 1, at + 1));
}

/** Goes from the last byte to the first, so that no token is allowed after which the rest cannot be spelled. */
function spellings(tokenizer: Tokenizer, index: TokenIndex, bytes: Uint8Array): ConstraintState[] {
  const states: ConstraintState[] = [];
  for (let at = bytes.length - 1; at >= 0; at--) {
    const { parts, wholes } = index(bytes.subarray(at));
    const exact = wholes.filter(id => tokenizer.bytes(id).length === bytes.length - at);
    const inside = parts
      .map(id => [id, at + tokenizer.bytes(id).length] as const)
      .filter(([, next]) => states[next]!.inside.length + states[next]!.last.length > 0);
    states[at] = { inside, last: wholes, exact };
  }
  return states;
}

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
