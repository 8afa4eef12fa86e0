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

/** Four tokens in all: the fourth costs as much as the second, and hardly one draft in three gets so far. */
const longestDraft = 3;
/**
 * Four tokens take 1.5 times as long as one (1.5 to 1.6 in `bench:engine`): a draft pays if more than this many of its
 * ids are right on average.
 */
const leastAccepted = 0.6;
/** Where drafts do not pay, every so often one is tried all the same: the text may have changed. */
const probeEvery = 16;
const smoothing = 0.1;

export function createSpeculation(): Speculation {
  // Until something is known, drafts are taken to pay.
  let acceptedPerDraft = longestDraft;
  let declined = 0;

  return {
    draft(history, limit) {
      const ids = promptLookup(history, Math.min(limit, longestDraft));
      if (ids.length === 0 || acceptedPerDraft > leastAccepted) return ids;
      declined++;
      return declined % probeEvery === 0 ? ids : [];
    },
    observe(accepted) {
      acceptedPerDraft += smoothing * (accepted - acceptedPerDraft);
    },
  };
}

/** Every token in a run of its own. */
export const noSpeculation: Speculation = { draft: () => [], observe: () => undefined };
