/**
 * Decides whether drafted tokens are worth checking. A run over four tokens takes longer than one over a single token,
 * so drafts are left out while too few of them are right (Leviathan et al., arXiv 2211.17192, has the sums). Not by the
 * clock: a checked run rounds its sums in another order, and the same requests should give the same texts.
 */
import { promptLookup } from './prompt-lookup';

export interface Speculation {
  /** Ids to check in the next run behind the token that it is about; empty where a check would not pay. */
  draft(history: readonly number[], limit: number): readonly number[];
  /** Of the ids of a draft the first `accepted` were right. */
  observe(accepted: number): void;
}

/** Four tokens in all: hardly one draft in three gets so far. */
const longestDraft = 3;
/**
 * Four tokens take 1.9 times as long as one (`bench:engine`, drafts that are all checked): a draft pays if more than
 * this many of its ids are right on average.
 */
const leastAccepted = 0.9;
/**
 * Where drafts do not pay, one is tried all the same after so many, since the text may have changed; after twice as many
 * each time that it was wrong again, so that a text where none is ever right hardly pays for the tries.
 */
const firstTry = 8;
const lastTry = 256;
const smoothing = 0.1;

/** @param guess what may come next; a benchmark guesses wrong to see what that costs */
export function createSpeculation(guess = promptLookup): Speculation {
  // Until something is known, half of a draft is taken to be right.
  let acceptedPerDraft = longestDraft / 2;
  let declined = 0;
  let tryAfter = firstTry;

  return {
    draft(history, limit) {
      const ids = guess(history, Math.min(limit, longestDraft));
      if (ids.length === 0 || acceptedPerDraft > leastAccepted) return ids;
      if (++declined < tryAfter) return [];
      declined = 0;
      tryAfter = Math.min(lastTry, 2 * tryAfter);
      return ids;
    },
    observe(accepted) {
      acceptedPerDraft += smoothing * (accepted - acceptedPerDraft);
      if (accepted > leastAccepted) tryAfter = firstTry;
    },
  };
}

/** Every token in a run of its own. */
export const noSpeculation: Speculation = { draft: () => [], observe: () => undefined };
