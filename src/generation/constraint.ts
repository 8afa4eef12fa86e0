/**
 * What the first tokens of a generation may be: a finite automaton over ids, whose arrows are the tokens that are
 * allowed (Willard & Louf, arXiv 2307.09702). Why just these, whoever asks knows; here they are ids.
 */

export interface ConstraintState {
  /** Tokens after which the constraint still holds, and the state that each leads to. */
  readonly inside: readonly (readonly [id: number, next: number])[];
  /** Tokens after which anything may come. */
  readonly last: readonly number[];
}

/** Where a generation stands in it. */
export interface Constraint {
  /** Whether the next token is constrained. */
  readonly holds: boolean;
  /** Makes all other tokens impossible, so that what is left of `[vocabulary]` logits is what the allowed ones share. */
  restrict(logits: Float32Array): void;
  /** Goes on behind a token that is allowed. */
  take(id: number): void;
}

/** @param states the first is where a generation begins; none: anything may come at once */
export function createConstraint(states: readonly ConstraintState[] = []): Constraint {
  let state = states[0];
  return {
    get holds() {
      return state !== undefined;
    },
    restrict(logits) {
      if (state === undefined) return;
      const allowed = [...state.inside.map(([id]) => id), ...state.last];
      const kept = allowed.map(id => logits[id]!);
      logits.fill(-Infinity);
      for (const [index, id] of allowed.entries()) logits[id] = kept[index]!;
    },
    take(taken) {
      const next = state?.inside.find(([id]) => id === taken)?.[1];
      state = next === undefined ? undefined : states[next];
    },
  };
}
