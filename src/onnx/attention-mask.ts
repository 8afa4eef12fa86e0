/**
 * Where attention may look: what is added to the score of each query (a row) with each key (a column) before the
 * softmax, 0 where it may and a number that leaves no weight where not. Causal: a token sees itself and what came
 * before; with a sliding window only the last so many of those (Beltagy et al., Longformer, arXiv 2004.05150).
 */

const hidden = -1e30;

export interface MaskShape {
  /** Rows of the cache, the blank one (row 0) among them; at least 1. */
  readonly past: number;
  /** New tokens, whose rows follow. */
  readonly fresh: number;
  /** Query heads that share a head of keys: their scores lie in neighbouring rows. */
  readonly group: number;
  /** Tokens that a query sees at most, itself among them. */
  readonly window: number;
  /** Which of the new tokens look, by their number; all if left out. */
  readonly looking?: readonly number[] | undefined;
}

/** @returns `[looking.length * group, past + fresh]` */
export function attentionMask({ past, fresh, group, window, looking }: MaskShape): Float32Array {
  const columns = past + fresh;
  const rows = (looking?.length ?? fresh) * group;
  const mask = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const query = Math.floor(row / group);
    const own = past + (looking?.[query] ?? query);
    const first = Math.max(1, own - window + 1);
    const start = row * columns;
    mask.fill(hidden, start, start + first);
    mask.fill(hidden, start + own + 1, start + columns);
  }
  return mask;
}

/**
 * The mask of one token without a window: everything but the blank row. It is needed at each token, so it is made
 * once and cut to length.
 *
 * @param capacity tokens that a cache takes
 * @returns a function of the cache's rows to `[1, past + 1]`
 */
export function createOneTokenMask(capacity: number): (past: number) => Float32Array {
  const mask = new Float32Array(capacity + 2);
  mask[0] = hidden;
  return past => mask.subarray(0, past + 1);
}
