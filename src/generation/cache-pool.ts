/**
 * Several sequences kept at once, so that going to another file and back computes little twice. A request takes the
 * cache that serves most of its prompt; where none serves half of it, the one that was taken longest ago, so that the
 * others stay as they are.
 */
import type { TokenCache } from './token-cache';

export interface CachePool<Cache extends TokenCache> {
  take(ids: readonly number[]): Cache;
}

/**
 * @param create makes a further cache; they are made when they are first needed
 * @param limit caches at most, at least one
 */
export function createCachePool<Cache extends TokenCache>(
  create: () => Cache,
  limit: number,
): CachePool<Cache> {
  /** Taken longest ago first. */
  const caches: Cache[] = [];
  return {
    take(ids) {
      const cache = mostServing(caches, ids) ?? (caches.length < limit ? create() : caches[0]!);
      const at = caches.indexOf(cache);
      if (at !== -1) caches.splice(at, 1);
      caches.push(cache);
      return cache;
    },
  };
}

/** @returns undefined if none serves half of the prompt */
function mostServing<Cache extends TokenCache>(
  caches: readonly Cache[],
  ids: readonly number[],
): Cache | undefined {
  let best: Cache | undefined;
  let served = Math.max(1, ids.length / 2);
  for (const cache of caches) {
    const common = cache.commonPrefix(ids);
    if (common < served) continue;
    best = cache;
    served = common;
  }
  return best;
}
