/** Reads the tiny checkpoints of `train/golden.py`, and the logits that transformers computes with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decoder } from '../../src/generation/decoder';
import type { TokenCache } from '../../src/generation/kv-cache';

export interface Golden {
  readonly ids: readonly number[];
  /** Position -> the whole row of logits. */
  readonly logits: Readonly<Record<string, readonly number[]>>;
  readonly greedy: readonly number[];
}

/** @param fixtures the folder `test/fixtures` */
export function checkpointNames(fixtures: string): string[] {
  return readdirSync(fixtures)
    .filter(name => name.startsWith('tiny-'))
    .sort();
}

export function readGolden(checkpoint: string): Golden {
  return readGoldenFile(join(checkpoint, 'golden.json'));
}

export function readGoldenFile(path: string): Golden {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** All rows of the reference, one after the other. */
export function referenceLogits({ logits }: Golden): number[] {
  return Object.values(logits).flat();
}

/** The same rows from a decoder of ours. `lengths` says how many tokens each run has. */
export function logitsInRuns(
  decoder: Decoder,
  golden: Golden,
  lengths: readonly number[],
): Promise<number[]> {
  return logitsWithCache(decoder, decoder.createCache(), golden, lengths);
}

/** @param cache of the decoder, empty */
export async function logitsWithCache<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  cache: Cache,
  golden: Golden,
  lengths: readonly number[],
): Promise<number[]> {
  const logits: number[] = [];
  let from = 0;
  for (const length of lengths) {
    const ids = golden.ids.slice(from, from + length);
    const wanted = ids.map((_, place) => place).filter(place => golden.logits[from + place]);
    logits.push(...(await decoder.run(ids, cache, wanted)));
    from += length;
  }
  if (from !== golden.ids.length) throw new RangeError(`${from} of ${golden.ids.length} tokens were run`);
  return logits;
}

/** The largest difference as a share of the largest value. */
export function largestDifference(values: readonly number[], reference: readonly number[]): number {
  if (values.length !== reference.length)
    throw new RangeError(`${values.length} != ${reference.length} values`);
  const largest = (numbers: readonly number[]) => Math.max(...numbers.map(Math.abs));
  return largest(values.map((value, i) => value - reference[i]!)) / largest(reference);
}
