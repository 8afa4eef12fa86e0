/**
 * What becomes of a request, a step at a time, as plain data: so that the user can be told why there was no suggestion.
 * It holds the document's text, so it stays in memory and is never logged.
 */
import type { Refusal, Scope } from './trigger';

export type TraceEvent = {
  readonly step: 'trigger';
  readonly refusal: Refusal | undefined;
  readonly scope: Scope;
};

export type Trace = (event: TraceEvent) => void;
