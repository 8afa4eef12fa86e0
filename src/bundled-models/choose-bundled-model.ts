/**
 * Decides which of the two bundled models answers. The large one is right more often, but only if it is in time: on a slow
 * machine, on a battery, and until it is loaded, the small one answers. Pure: it measures and opens nothing.
 */
import type { BundledModel } from './bundled-models';

/** What a model reads and writes on this machine, in tokens a second. */
export interface Speed {
  readonly reads: number;
  readonly writes: number;
}

export interface Situation {
  /** 'absent': a checkout may lack it. 'opening': its graph is built, or it is loaded or measured. */
  readonly large: 'absent' | 'closed' | 'opening' | 'ready' | 'failed';
  /** Of the large model, if it is known. */
  readonly speed: Speed | undefined;
  readonly isOnBattery: boolean;
}

export interface Choice {
  readonly answers: BundledModel;
  /** Whether the large model should be open, or be opened now. */
  readonly wantsLarge: boolean;
  readonly why: Reason;
}

export type Reason =
  /** The large model is in time. */
  | { readonly kind: 'in-time'; readonly ms: number }
  /** It would be late: `ms` for a suggestion. */
  | { readonly kind: 'slow'; readonly ms: number; readonly reads: number }
  | { readonly kind: 'battery' | 'opening' | 'failed' | 'absent' };

/** A suggestion that comes later than this stands where the user has typed on. */
export const latestMs = 200;

/**
 * Tokens of a request that the user may have to wait for: those that the cache lacks, and those of the answer. Our choice:
 * more than the means that `bench:typing` prints, because a request after a new line costs more than the next key.
 */
const usual = { reads: 12, writes: 8 };

/** Milliseconds that a usual suggestion takes. */
export function suggestionMs({ reads, writes }: Speed): number {
  return 1000 * (usual.reads / reads + usual.writes / writes);
}

export function chooseBundledModel({ large, speed, isOnBattery }: Situation): Choice {
  const small = (why: Reason, wantsLarge = false): Choice => ({ answers: 'small', wantsLarge, why });
  if (large === 'absent' || large === 'failed') return small({ kind: large });
  if (isOnBattery) return small({ kind: 'battery' });
  const ms = speed && suggestionMs(speed);
  if (speed !== undefined && ms !== undefined && ms > latestMs)
    return small({ kind: 'slow', ms, reads: speed.reads });
  if (large !== 'ready' || ms === undefined) return small({ kind: 'opening' }, true);
  return { answers: 'large', wantsLarge: true, why: { kind: 'in-time', ms } };
}

/** The reason for the log and the terminal, in one line. The status bar has its own words. */
export function explainChoice({ answers, why }: Choice): string {
  return `the ${answers} model answers: ${explainReason(why)}`;
}

function explainReason(why: Reason): string {
  switch (why.kind) {
    case 'in-time':
      return `a suggestion of the large one takes about ${why.ms.toFixed(0)} ms here`;
    case 'slow':
      return `this machine reads ${why.reads.toFixed(0)} tokens a second with the large one, so a suggestion would take ${why.ms.toFixed(0)} ms`;
    case 'battery':
      return 'the computer runs on its battery';
    case 'opening':
      return 'the large one is being prepared';
    case 'failed':
      return 'the large one could not be opened';
    case 'absent':
      return 'the large one is not installed';
  }
}
