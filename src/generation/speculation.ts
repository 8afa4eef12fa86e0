/**
 * Speculation: drafts of the next tokens, which the model checks together in one run. Drafts are looked up in the
 * tokens so far, without a model. Knows ids only.
 *
 * A run over four tokens takes longer than a run over one. So drafts are left out while too few of their tokens are
 * right (Leviathan et al., arXiv 2211.17192, derives when they pay). This is decided by counts and not by the clock: a
 * checked run rounds its sums in another order, and the same requests should give the same texts.
 */

export interface Speculation {
  /** Ids to check in the next run, behind its own token. Empty if a check would not pay. */
  draft(history: readonly number[], limit: number): readonly number[];
  /** Reports that the first `accepted` ids of a draft were right. */
  observe(accepted: number): void;
}

/** With its own token, a run then has four. Fewer than one draft in three gets that far. */
const maxDraft = 3;
/**
 * A draft pays if on average more than this many of its ids are right. A run over four tokens takes 1.9 times as long
 * as a run over one (`bench:engine`, drafts that are all checked).
 */
const minAccepted = 0.9;
/**
 * Where drafts do not pay, one is still tried after this many are skipped, because the text may have changed. The
 * number doubles with each try until a draft is right again. So a text where none is ever right loses little time.
 */
const minSkipped = 8;
const maxSkipped = 256;
const smoothing = 0.1;

/** @param guess gives the tokens that may come next; a benchmark passes wrong ones to measure what they cost */
export function createSpeculation(guess = promptLookup): Speculation {
  // Until something is known, we assume that half of a draft is right.
  let acceptedPerDraft = maxDraft / 2;
  let skipped = 0;
  let tryAfter = minSkipped;

  return {
    draft(history, limit) {
      const ids = guess(history, Math.min(limit, maxDraft));
      if (ids.length === 0 || acceptedPerDraft > minAccepted) return ids;
      if (++skipped < tryAfter) return [];
      skipped = 0;
      tryAfter = Math.min(maxSkipped, 2 * tryAfter);
      return ids;
    },
    observe(accepted) {
      acceptedPerDraft += smoothing * (accepted - acceptedPerDraft);
      if (accepted > minAccepted) tryAfter = minSkipped;
    },
  };
}

/** No drafts: every token has its own run. */
export const noSpeculation: Speculation = { draft: () => [], observe: () => undefined };

/** How many of the last tokens are searched for: at most and at least. */
const maxMatch = 4;
const minMatch = 2;

/**
 * Finds the last few tokens at an earlier place and returns what followed them there. Code repeats itself, and a prompt
 * holds the names that will be used (Saxena, "Prompt Lookup Decoding", 2023,
 * github.com/apoorvumang/prompt-lookup-decoding).
 *
 * @param history the tokens so far, with the prompt
 * @param limit ids at most
 * @returns what followed the longest match, or the latest of several; empty if there is no match
 */
export function promptLookup(history: readonly number[], limit: number): readonly number[] {
  const end = history.length;
  const last = history[end - 1];
  let best = 0;
  let bestLength = minMatch - 1;
  for (let at = end - 1; at >= minMatch; at--) {
    if (history[at - 1] !== last) continue;
    const length = matchLength(history, at);
    if (length <= bestLength) continue;
    best = at;
    bestLength = length;
    if (length === maxMatch) break;
  }
  return best === 0 ? [] : history.slice(best, Math.min(best + limit, end));
}

/** How many tokens before place `at` equal the last tokens of the history. */
function matchLength(history: readonly number[], at: number): number {
  let length = 1;
  while (
    length < maxMatch &&
    length < at &&
    history[at - 1 - length] === history[history.length - 1 - length]
  )
    length++;
  return length;
}
