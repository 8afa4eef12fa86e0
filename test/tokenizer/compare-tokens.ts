/** Compares a tokenizer of ours with the reference, on any number of strings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, type Tokenizer } from '../../src/tokenizer/tokenizer';
import { createRandom, type Random } from '../random';
import { oddPieces } from './odd-texts';
import type { Reference } from './reference';
import type { TokenizerKind } from './tokenizer-kinds';

export interface Comparison {
  readonly strings: number;
  /** The strings whose ids differ. */
  readonly mismatches: readonly string[];
  /** The strings that differ after encoding and decoding. */
  readonly unlike: readonly string[];
}

const batch = 5_000;

export async function compareTokens(
  kind: TokenizerKind,
  reference: Reference,
  texts: (index: number) => string,
  strings: number,
): Promise<Comparison> {
  const tokenizer = await kind.load();
  const mismatches: string[] = [];
  const unlike: string[] = [];
  for (let start = 0; start < strings; start += batch) {
    const each = Array.from({ length: Math.min(batch, strings - start) }, (_, index) => texts(start + index));
    const expected = reference.encode(kind.request, each);
    const found = each.map(text => tokenizer.encode(text));
    for (const [index, ids] of (await expected).entries()) {
      const text = each[index]!;
      if (found[index]!.join() !== ids.join()) mismatches.push(text);
      if (!kind.isLossy && !comesBack(tokenizer, text, found[index]!)) unlike.push(text);
    }
  }
  return { strings, mismatches, unlike };
}

/** SentencePiece puts a space in front and treats U+2581 as a space. Others compose characters before they cut. */
function comesBack(tokenizer: Tokenizer, text: string, ids: readonly number[]): boolean {
  const back = decode(tokenizer, ids);
  return back === text || plain(back) === plain(text) || plain(back) === plain(` ${text}`);
}

const plain = (text: string) => text.replaceAll('▁', ' ').normalize('NFC');

/**
 * One half are lines of this repository's own sources. The other half are words of code between odd characters that the
 * reference knows.
 * @returns the string with a given index, the same in every run
 */
export function parts(root: string, reference: Reference, seed: number): (index: number) => string {
  const lines = sourceLines(root);
  const pick = knownCharacter(reference.ranges);
  return index => {
    const random = createRandom(seed + Math.imul(index, 0x9e3779b1));
    if (random.below(2) === 0) return linesFrom(lines, random);
    const length = 1 + random.below(20);
    return Array.from({ length }, () => (random.below(3) === 0 ? pick(random) : random.pick(oddPieces))).join(
      '',
    );
  };
}

function linesFrom(lines: readonly string[], random: Random): string {
  const count = 1 + random.below(3);
  const at = random.below(lines.length - count);
  const text = lines.slice(at, at + count).join('\n');
  // Some are cut at any place, as a cursor cuts them. Half a character becomes U+FFFD.
  return Buffer.from(text.slice(random.below(4) === 0 ? random.below(text.length + 1) : 0)).toString();
}

function sourceLines(root: string): string[] {
  const names = ['src', 'test', 'train', 'docs'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|mjs|py|md)$/.test(name))
      .map(name => join(root, folder, name)),
  );
  return names.sort().flatMap(name => readFileSync(name, 'utf8').split('\n'));
}

function knownCharacter(ranges: Reference['ranges']): (random: Random) => string {
  return random => {
    const [first, last] = random.pick(ranges);
    return String.fromCodePoint(first + random.below(last - first + 1));
  };
}
