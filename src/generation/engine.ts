/**
 * The engine as the rest of Sotto sees it: token ids in, token ids out, one request at a time.
 * `src/runtime` implements it in a process of its own; tests script it.
 */
import type { ConstraintState } from './constraint';
import type { SamplingOptions } from './sampler';
import type { StoppingCriteria, StopReason } from './stopping-criteria';

export interface GenerateRequest {
  /** The prompt, not empty. */
  readonly ids: readonly number[];
  readonly sampling: SamplingOptions;
  readonly stopping: StoppingCriteria;
  /** What the first tokens may be; without it, any. Their probabilities are shares of what is allowed. */
  readonly constraint?: readonly ConstraintState[];
}

export type GenerateEvent =
  /** The prompt is in the cache: `cached` of its tokens were there already, `computed` were run now. */
  | { readonly type: 'prefill'; readonly cached: number; readonly computed: number; readonly ms: number }
  | { readonly type: 'token'; readonly id: number; readonly logProb: number }
  /** Always last. `ms` is the time since the request reached the engine. */
  | { readonly type: 'end'; readonly reason: StopReason; readonly ms: number };

export interface Engine {
  /**
   * Events of one generation. A newer request, or `signal`, ends an older one between two runs of the model with
   * the reason 'aborted'; leaving the loop early does the same.
   */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
}
