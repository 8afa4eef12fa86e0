/**
 * What generation asks of a cache: which tokens it holds, and to forget the last of them. How a decoder keeps their
 * keys and values is its own affair.
 */
export interface TokenCache {
  /** Tokens that are cached. */
  readonly length: number;
  /** Tokens that fit. */
  readonly capacity: number;
  /** How many of the first `ids` are cached already. */
  commonPrefix(ids: readonly number[]): number;
  /** Forgets everything after the first `length` tokens. */
  rewind(length: number): void;
}

/** How many tokens two lists have in common at their beginning. */
export function commonPrefixLength(a: readonly number[], b: readonly number[]): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

/** @throws RangeError if `count` tokens more do not fit */
export function requireRoom({ length, capacity }: TokenCache, count: number): void {
  if (length + count > capacity)
    throw new RangeError(`${length} + ${count} tokens do not fit a cache of ${capacity}`);
}
