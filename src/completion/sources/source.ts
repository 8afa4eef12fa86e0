/** What the sources of suggestions have in common. */

import type { ScoredText, WrittenText } from '../judge';
import type { CompletionRequest, GenerationReport, Nothing, Outcome, SourceName } from '../request';

/** A text that may be suggested. */
export interface Candidate {
  readonly source: SourceName;
  /** Word by word, each with the probability that it is right if the words before it are. */
  readonly words: ScoredText;
  /**
   * If it is at least this likely (0 to 1), it is shown and no further source is asked. 'compare': it ends the search, and
   * the likeliest candidate so far is shown.
   */
  readonly enough: number | 'compare';
  /** What the model wrote, token by token. A copy has none. */
  readonly written?: WrittenText;
  /** Of the model's run, if there was one for this request. */
  readonly report?: GenerationReport;
}

/** A place that suggestions come from. */
export type Source = (
  request: CompletionRequest,
  signal: AbortSignal,
) => Candidate | Nothing | Promise<Candidate | Nothing>;

/** Keeps what the model wrote, to offer it again later. */
export interface Memory {
  /** Hears the candidate that ended a request, and what became of it. */
  remember(request: CompletionRequest, candidate: Candidate, outcome: Outcome): void;
}

export const nothingFound: Nothing = { why: 'nothing-found' };

/** How likely a text must be to be shown, 0 to 1. A user who asks sees all of it. */
export function minConfidenceFor({
  trigger,
  settings,
}: Pick<CompletionRequest, 'trigger' | 'settings'>): number {
  return trigger === 'manual' ? 0 : settings.minConfidence;
}
