/** Numbers that look random and are the same on every run (mulberry32, Tommy Ettinger). */
export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  pick<T>(values: readonly T[]): T;
  /** `count` of `values`, joined. */
  join(values: readonly string[], count: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const pick = <T>(values: readonly T[]) => values[below(values.length)]!;
  return { below, pick, join: (values, count) => Array.from({ length: count }, () => pick(values)).join('') };
}
