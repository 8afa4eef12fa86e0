/**
 * Decides whether drafted tokens are worth checking. A run over four tokens takes longer than one over a single token;
 * how much longer depends on the machine and the model, and how often a draft is right on the text. Both are measured
 * while generating, and drafts are left out while they do not pay (Leviathan et al., arXiv 2211.17192, has the sums).
 */
import { promptLookup } from './prompt-lookup';

export interface Speculation {
  /** Ids to check in the next run behind the token that it is about; empty where a check would not pay. */
  draft(history: readonly number[], limit: number): readonly number[];
  /** What a run took that had `drafted` ids to check, of which the first `accepted` were right. */
  observe(drafted: number, accepted: number, ms: number): void;
}

/** Four tokens in all: the fourth costs as much as the second, and hardly one draft in three gets so far. */
const longestDraft = 3;
/** Where drafts do not pay, every so often one is tried all the same: the text may have changed. */
const probeEvery = 16;
const smoothing = 0.1;

export function createSpeculation(): Speculation {
  let singleMs = 0;
  let checkedMs = 0;
  // Until something is known, drafts are taken to pay.
  let acceptedPerDraft = longestDraft;
  let declined = 0;

  const paysOff = () => {
    if (singleMs === 0 || checkedMs === 0) return true;
    return (1 + acceptedPerDraft) * singleMs > checkedMs;
  };

  return {
    draft(history, limit) {
      const ids = promptLookup(history, Math.min(limit, longestDraft));
      if (ids.length === 0 || paysOff()) return ids;
      declined++;
      return declined % probeEvery === 0 ? ids : [];
    },
    observe(drafted, accepted, ms) {
      if (drafted === 0) {
        singleMs = average(singleMs, ms);
        return;
      }
      checkedMs = average(checkedMs, ms);
      acceptedPerDraft += smoothing * (accepted - acceptedPerDraft);
    },
  };
}

/** A moving average that begins with its first value. */
function average(before: number, value: number): number {
  return before === 0 ? value : before + smoothing * (value - before);
}

/** Every token in a run of its own. */
export const noSpeculation: Speculation = { draft: () => [], observe: () => undefined };
