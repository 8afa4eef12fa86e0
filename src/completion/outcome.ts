/** The result of a request: a suggestion, or nothing and why. */
import type { StopReason } from '../generation/engine';

/** 'prepared': the model's answer, found before the user came to this place. */
export type SourceName = 'typed-along' | 'copied' | 'remembered' | 'prepared' | 'model';

export interface Suggestion {
  readonly text: string;
  /** Characters right of the cursor that `text` replaces. */
  readonly replaceAfter: number;
  readonly source: SourceName;
  /** Probability that all of `text` is right. */
  readonly confidence: number;
}

/** Why no suggestion is wanted. 'ignored' and 'undo' are found by the editor. */
export type Refusal =
  | 'secret'
  | 'ignored'
  | 'off'
  | 'language'
  | 'undo'
  | 'empty'
  | 'long-line'
  | 'before-word';

/** Why nothing is shown. */
export type Why =
  | Refusal
  /** The editor stopped the request, usually because of a newer key. */
  | 'newer-key'
  | 'engine-failed'
  /** The sources that were asked have nothing to offer here. */
  | 'nothing-found'
  /** The model ended its text at once. */
  | 'model-silent'
  /** The best candidate is less likely than `sotto.minConfidence`. */
  | 'not-sure'
  /** An answer that is prepared must not move the window of the prompt. */
  | 'window-would-move'
  /** This filter left nothing of the text. */
  | { readonly filter: string };

/** A run of the model. */
export interface GenerationReport {
  readonly promptTokens: number;
  /** Prompt tokens that the KV cache served. */
  readonly cachedTokens: number;
  readonly generatedTokens: number;
  /** Milliseconds until the prompt was in the KV cache, and until the last token, both since the request. */
  readonly prefillMs: number;
  readonly totalMs: number;
  /** 'scope-end': the text reached the end of its line or block. */
  readonly stopReason: StopReason | 'scope-end';
}

export interface Shown {
  readonly shown: Suggestion;
  /** Of the model's run, if there was one. */
  readonly report?: GenerationReport | undefined;
}

export interface Nothing {
  readonly shown?: undefined;
  readonly why: Why;
  readonly report?: GenerationReport | undefined;
}

export type Outcome = Shown | Nothing;
