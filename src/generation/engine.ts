/**
 * The engine as the rest of Sotto sees it: token ids in, token ids out, one request at a time. It knows nothing of
 * text. `src/engine-process` runs it in a process of its own; tests script it.
 */
import type { Calibration } from '../common/calibration';

export interface Engine {
  /**
   * The events of one generation. A newer request, or `signal`, ends it between two runs of the model, with the reason
   * 'aborted'. It also ends when the reader leaves the loop early.
   */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
}

export interface GenerateRequest {
  /** The prompt, not empty. */
  readonly ids: readonly number[];
  readonly sampling: SamplingOptions;
  readonly stopping: StoppingCriteria;
  /**
   * Which tokens may come first, as an automaton that starts in its first state. If it is left out, any token may come.
   * While it holds, the probability of a token is its share among the allowed tokens.
   */
  readonly constraint?: readonly ConstraintState[];
}

export type GenerateEvent =
  /** The prompt is in the cache: `cached` of its tokens were there already, `computed` were run now. */
  | { readonly type: 'prefill'; readonly cached: number; readonly computed: number; readonly ms: number }
  | { readonly type: 'token'; readonly id: number; readonly logProb: number }
  /** Always last. `ms` is the time since the request reached the engine. */
  | { readonly type: 'end'; readonly reason: StopReason; readonly ms: number };

/**
 * 'failed': the engine's process ended. 'aborted': a newer request or the caller stopped this one. 'unlikely': the text is
 * less likely than `StoppingCriteria.likelihood`.
 */
export type StopReason =
  | 'end-token'
  | 'last-token'
  | 'unlikely'
  | 'max-tokens'
  | 'max-time'
  | 'aborted'
  | 'failed';

/** When a generation is over. In ids only: the prompt's layout says which tokens end its text. */
export interface StoppingCriteria {
  /** Tokens that end the text and are not part of it. */
  readonly endIds: readonly number[];
  /** Tokens that end the text and are part of it: for a single line, every token that holds a line break. */
  readonly lastIds: readonly number[];
  readonly maxTokens: number;
  /** Milliseconds for the whole request, prefill included. */
  readonly maxMs: number;
  /** If it is left out, the text may be as unlikely as it likes. */
  readonly likelihood?: LikelihoodLimit | undefined;
}

/** The text ends behind the token that makes it less likely than `min`, 0 to 1, by calibrated probabilities. */
export interface LikelihoodLimit extends Calibration {
  readonly min: number;
}

export interface SamplingOptions {
  /** 0 is greedy: always the likeliest token. */
  readonly temperature: number;
  /** Keep the k likeliest tokens; 0 keeps all. */
  readonly topK: number;
  /** Keep the likeliest tokens that together reach this probability (Holtzman et al., arXiv 1904.09751). */
  readonly topP: number;
  /** Drop tokens less likely than this share of the likeliest (Nguyen et al., arXiv 2407.01082). */
  readonly minP: number;
  /** Divide the logits of recent tokens by this; 1 is off (Keskar et al., arXiv 1909.05858). */
  readonly repetitionPenalty: number;
  /** The same seed, prompt and options give the same text. */
  readonly seed: number;
}

export const greedy: SamplingOptions = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
};

/** One state of a finite automaton over ids. Its arrows are the allowed tokens (Willard & Louf, arXiv 2307.09702). */
export interface ConstraintState {
  /** Tokens that lead to another state, given by its index: the constraint still holds after them. */
  readonly inside: readonly (readonly [id: number, next: number])[];
  /** Tokens that lead out: after them, any token may come. */
  readonly last: readonly number[];
  /** Those of `last` that spell nothing but what is asked for. The likelihood of the text does not count them. */
  readonly exact: readonly number[];
}
