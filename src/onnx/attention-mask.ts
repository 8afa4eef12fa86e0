/**
 * Where attention may look. The mask is added to the scores before the softmax, with a row for each query and a column
 * for each key: 0 where the query may look, and elsewhere a number like minus infinity. It is causal: a token sees
 * itself and the tokens before it. With a sliding window it sees only the last of those (Beltagy et al., Longformer,
 * arXiv 2004.05150).
 *
 * The symbols `p`, `n`, `m` and `group` are those of `model/blocks.ts`.
 */

/** The softmax takes the exponential of each score, and `exp(-1e30)` is 0. So a hidden key gets a weight of zero. */
const hidden = -1e30;

export interface MaskShape {
  /** `p`: rows of the KV cache, with the blank row 0; at least 1. */
  readonly past: number;
  /** `n`: new tokens. Their rows follow those of the cache. */
  readonly fresh: number;
  /** Query heads that share one head of keys. Their scores are in neighbouring rows. */
  readonly group: number;
  /** Tokens that a query sees at most, with its own. */
  readonly window: number;
  /** The wanted places, `m` of them, if only those have a query. All `n` have one if it is left out. */
  readonly looking?: readonly number[] | undefined;
}

/** @returns `[n * group, p + n]`, or `[m * group, p + n]` for wanted places */
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
 * The mask of one token without a window: it hides only the blank row. Every token needs it, so it is made once and cut
 * to length.
 *
 * @param capacity tokens that fit the KV cache
 * @returns a function from the rows of the cache, `p`, to the mask, `[1, p + 1]`
 */
export function createOneTokenMask(capacity: number): (past: number) => Float32Array {
  const mask = new Float32Array(capacity + 2);
  mask[0] = hidden;
  return past => mask.subarray(0, past + 1);
}
