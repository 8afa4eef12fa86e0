/**
 * The caches of a decoder: what it has computed for each token, so that no token is computed twice.
 * Generation asks only for a `TokenCache`. A `KvCache` serves graphs of our own; exports have a cache of another kind.
 */

/** Which tokens are cached, and a way back to fewer of them. */
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

export interface CacheSizes {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Tokens the model can look at, at most. */
  readonly contextLength: number;
}

/** Floats, or half floats as their sixteen bits: the cache moves numbers and computes nothing. */
export type Rows = Float32Array | Uint16Array;

export interface LayerRows {
  readonly key: Rows;
  readonly value: Rows;
}

/**
 * The keys and values of every token that the model has seen.
 *
 * Each layer has one preallocated array for keys and one for values, `[capacity + 1, kvHeads, headDim]`. Row 0 is blank
 * and masked (`src/onnx/attention-mask.ts`); token `i` is row `i + 1`. The model reads the rows in place through
 * `subarray`. To go back to a shared beginning, only the length changes.
 */
export class KvCache implements TokenCache {
  readonly capacity: number;
  private readonly ids: number[] = [];
  private readonly layers: readonly LayerRows[];
  private readonly rowLength: number;

  /** @param Numbers the type of a row's numbers */
  constructor(
    { layers, kvHeads, headDim, contextLength }: CacheSizes,
    Numbers: Float32ArrayConstructor | Uint16ArrayConstructor = Float32Array,
  ) {
    this.capacity = contextLength;
    this.rowLength = kvHeads * headDim;
    const elements = (this.capacity + 1) * this.rowLength;
    this.layers = Array.from({ length: layers }, () => ({
      key: new Numbers(elements),
      value: new Numbers(elements),
    }));
  }

  get length(): number {
    return this.ids.length;
  }

  /** The cached rows of a layer behind the blank one, `[length + 1, kvHeads, headDim]`, not copied. */
  past(layer: number): LayerRows {
    const { key, value } = this.layers[layer]!;
    const end = (this.length + 1) * this.rowLength;
    return { key: key.subarray(0, end), value: value.subarray(0, end) };
  }

  /**
   * Adds the rows of tokens that were just run.
   * @param rows of one layer: `[ids.length, kvHeads, headDim]` each
   * @throws RangeError if they do not fit
   */
  append(ids: readonly number[], rows: (layer: number) => LayerRows): void {
    requireRoom(this, ids.length);
    const at = (this.length + 1) * this.rowLength;
    for (const [layer, { key, value }] of this.layers.entries()) {
      const fresh = rows(layer);
      key.set(fresh.key, at);
      value.set(fresh.value, at);
    }
    this.ids.push(...ids);
  }

  commonPrefix(ids: readonly number[]): number {
    return commonPrefixLength(this.ids, ids);
  }

  rewind(length: number): void {
    this.ids.length = Math.min(this.ids.length, length);
  }
}

/** How many tokens two lists have in common at their beginning. */
export function commonPrefixLength(a: readonly number[], b: readonly number[]): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

/** @throws RangeError if `count` more tokens do not fit */
export function requireRoom({ length, capacity }: TokenCache, count: number): void {
  if (length + count > capacity)
    throw new RangeError(`${length} + ${count} tokens do not fit a cache of ${capacity}`);
}

/** Several caches, so that little is computed again when the user goes to another file and back. */
export interface CachePool<Cache extends TokenCache> {
  /**
   * The cache for a prompt: the one that serves most of it. If none serves half of it, a new one, or the one that was
   * taken longest ago.
   */
  take(ids: readonly number[]): Cache;
}

/**
 * @param create makes another cache; called when it is first needed
 * @param limit caches at most, at least one
 */
export function createCachePool<Cache extends TokenCache>(
  create: () => Cache,
  limit: number,
): CachePool<Cache> {
  /** The cache that was taken longest ago comes first. */
  const caches: Cache[] = [];
  return {
    take(ids) {
      const cache = findServing(caches, ids) ?? (caches.length < limit ? create() : caches[0]!);
      const at = caches.indexOf(cache);
      if (at !== -1) caches.splice(at, 1);
      caches.push(cache);
      return cache;
    },
  };
}

/** @returns the cache that serves most of the prompt; undefined if none serves half of it */
function findServing<Cache extends TokenCache>(
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
