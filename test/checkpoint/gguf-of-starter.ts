/**
 * The bundled model as a GGUF file, with its vocabulary: a file that a user might choose in the settings. Its
 * vocabulary is p50k's ranks as GGUF wants them, bytes as GPT-2 writes them and a list of merges.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ranks from 'gpt-tokenizer/bpeRanks/p50k_base';
import { byteOfCharacter } from '../../src/tokenizer/tokenizer';
import { ggufOfTinyLlama, packQ8_0 } from './gguf-of-fixture';
import { ggufBytes, text, texts, uint32 } from './write-gguf';

export const starter = join(__dirname, '../../models/sotto-starter');

/** @param folder of the bundled model */
export function ggufOfStarter(folder = starter): Uint8Array<ArrayBuffer> {
  // Both are LLaMAs of four heads and two of keys and values.
  const { metadata, ...rest } = ggufOfTinyLlama(folder, packQ8_0);
  return ggufBytes({ ...rest, metadata: { ...metadata, ...vocabulary(folder) } });
}

function vocabulary(folder: string) {
  const { special, kept }: { special: string[]; kept: number[] } = JSON.parse(
    readFileSync(join(folder, 'vocab.json'), 'utf8'),
  );
  const tokens = kept.map(rank => inCharacters(ranks[rank]!));
  const rankOf = new Map(tokens.map((token, i) => [token, kept[i]!]));
  const merges = [...rankOf]
    .filter(([token]) => token.length > 1)
    .sort(([, rank], [, other]) => rank - other)
    .map(([token, rank]) => halves(token, rank, rankOf).join(' '));
  const control = 3;
  return {
    'tokenizer.ggml.model': text('gpt2'),
    'tokenizer.ggml.pre': text('gpt-2'),
    'tokenizer.ggml.tokens': texts([...special, ...tokens]),
    'tokenizer.ggml.token_type': [9, 5, [...special.map(() => control), ...tokens.map(() => 1)]],
    'tokenizer.ggml.merges': texts(merges),
    'tokenizer.ggml.eos_token_id': uint32(0),
  } as const;
}

const characterOfByte = new Map([...byteOfCharacter].map(([character, byte]) => [byte, character]));

function inCharacters(token: string | readonly number[]): string {
  const bytes = typeof token === 'string' ? new TextEncoder().encode(token) : token;
  return Array.from(bytes, byte => characterOfByte.get(byte)!).join('');
}

/** The two tokens of lower ranks that a token is merged from. */
function halves(token: string, rank: number, rankOf: ReadonlyMap<string, number>): readonly string[] {
  const parts = [...token];
  while (parts.length > 2) {
    const merged = parts.slice(1).map((part, i) => rankOf.get(parts[i]! + part) ?? Number.POSITIVE_INFINITY);
    const lowest = Math.min(...merged);
    if (lowest >= rank) throw new RangeError(`'${token}' is not merged from two tokens`);
    const at = merged.indexOf(lowest);
    parts.splice(at, 2, parts[at]! + parts[at + 1]!);
  }
  return parts;
}
