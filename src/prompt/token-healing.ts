/**
 * Token healing. A prompt's last token is one that the model has hardly ever seen there, where the text goes on inside
 * it: in what it learnt from, `lis` and `teners` are one token, and so are a blank and the word behind it. So the
 * prompt ends before it, and the first tokens that are generated must spell what is typed of it (Lundberg, "Prompt
 * Boundaries and Token Healing", 2023, github.com/guidance-ai/guidance). They may be any tokens that do, and of a word
 * or of blanks all is spelled again: boundaries move as they grow, so that going back by one token would not do.
 */
import { isWordCharacter } from '../document/words';
import type { ConstraintState } from '../generation/engine';
import { utf8Bytes } from '../tokenizer/token-bytes';
import { indexTokens, type TokenIndex } from '../tokenizer/token-index';
import { decode, type Tokenizer } from '../tokenizer/tokenizer';

export interface HealedText {
  /** What the prompt has of the text. */
  readonly kept: string;
  /** The rest of it: what is generated begins with this. */
  readonly typed: string;
  /** Sees to that: its state `at` is where `at` bytes of `typed` are spelled. */
  readonly constraint: readonly ConstraintState[];
}

/** @param text before the cursor @returns undefined where nothing would be kept, and at the beginning of a line */
export type HealText = (text: string) => HealedText | undefined;

/** Each is run again at every key, one after another; hardly a word has more. */
const mostTokens = 4;

/** Looks at the vocabulary when there is first something to heal. */
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

/** @returns where the text's last token begins, or the first of those that its last word or blanks are; else its length */
function unfinishedFrom(tokenizer: Tokenizer, text: string): number {
  let at = text.length;
  // A line break is a token of its own before what is not indented; else the likeliest whole were an empty line.
  if (text.endsWith('\n')) return at;
  const ids = tokenizer.encode(text);
  for (let count = 1; count <= mostTokens && (at === text.length || isWithin(text, at)); count++) {
    const end = decode(tokenizer, ids.slice(-count));
    // Not all of it: there would be nothing to go on with. Nor where a token begins inside a character.
    if (end.length < text.length && text.endsWith(end)) at = text.length - end.length;
  }
  return at;
}

/** Whether a word, or blanks, would be cut in two. */
function isWithin(text: string, at: number): boolean {
  const isInWord = isWordCharacter(text, at - 1) && isWordCharacter(text, at);
  return isInWord || /^\s{2}$/.test(text.slice(at - 1, at + 1));
}

/** From the last byte to the first, so that no token is allowed behind which the rest could not be spelled. */
function spellings(tokenizer: Tokenizer, index: TokenIndex, bytes: Uint8Array): ConstraintState[] {
  const states: ConstraintState[] = [];
  for (let at = bytes.length - 1; at >= 0; at--) {
    const { parts, wholes } = index(bytes.subarray(at));
    const inside = parts
      .map(id => [id, at + tokenizer.bytes(id).length] as const)
      .filter(([, next]) => states[next]!.inside.length + states[next]!.last.length > 0);
    states[at] = { inside, last: wholes };
  }
  return states;
}
