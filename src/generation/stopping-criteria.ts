/** When a generation is over. In ids only: the prompt's plan says which tokens end its text. */

export interface StoppingCriteria {
  /** Tokens that end the text and are not part of it. */
  readonly endIds: readonly number[];
  /** Tokens after which nothing more is wanted; they are part of the text (for a single line, whatever holds a line break). */
  readonly lastIds: readonly number[];
  readonly maxTokens: number;
  /** Milliseconds for the whole request, prefill included. */
  readonly maxMs: number;
}

/** 'failed': the engine's process ended. 'aborted': a newer request or the caller stopped this one. */
export type StopReason = 'end-token' | 'last-token' | 'max-tokens' | 'max-time' | 'aborted' | 'failed';

/**
 * @returns a function that says, after each token, whether it was the last and why; one that was asked for
 * (`constraint.ts`) is not the last for what it is
 */
export function createStoppingCriteria(
  criteria: StoppingCriteria,
  elapsedMs: () => number,
): (id: number, count: number, isConstrained?: boolean) => StopReason | undefined {
  const endIds = new Set(criteria.endIds);
  const lastIds = new Set(criteria.lastIds);
  return (id, count, isConstrained = false) => {
    if (endIds.has(id)) return 'end-token';
    if (lastIds.has(id) && !isConstrained) return 'last-token';
    if (count >= criteria.maxTokens) return 'max-tokens';
    if (elapsedMs() >= criteria.maxMs) return 'max-time';
    return undefined;
  };
}
