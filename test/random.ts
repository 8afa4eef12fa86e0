import { seededRandom } from '../src/common/seeded-random';

/** Random numbers that are the same in each run. */
export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  pick<T>(values: readonly T[]): T;
  /** Picks `count` times from `values` and joins what it picked. */
  join(values: readonly string[], count: number): string;
}

export function createRandom(seed: number): Random {
  const next = seededRandom(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(values: readonly T[]) => values[below(values.length)]!;
  return { below, pick, join: (values, count) => Array.from({ length: count }, () => pick(values)).join('') };
}
