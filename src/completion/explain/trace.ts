/**
 * What becomes of a request, a step at a time, as plain data: so that the user can be told why there was no suggestion.
 * It holds the document's text, so it stays in memory and is never logged.
 */
import type { FilterVerdict } from '../filters/postprocess';
import type { Judgement } from '../judge/confidence';
import type { ScoredText } from '../judge/scored-text';
import type { CopyCandidate } from '../sources/copied';
import type { TextResult } from '../sources/generate-text';
import type { Refusal, Scope } from '../when/trigger';

export type TraceEvent =
  | { readonly step: 'trigger'; readonly refusal: Refusal | undefined; readonly scope: Scope }
  /** What followed elsewhere in the document or in another file; shown without the model where it is likely enough. */
  | ({ readonly step: 'copy'; readonly least: number; readonly copied: CopyCandidate } & Judgement)
  /** An earlier answer is looked at before the model is asked. */
  | {
      readonly step: 'reuse';
      readonly source: 'last-suggestion' | 'cache' | 'prepared';
      readonly generated: ScoredText;
    }
  /** The prompt as the model sees it, its marks spelled out, and what the answer has to begin with. */
  | { readonly step: 'prompt'; readonly prompt: string; readonly typed: string }
  | { readonly step: 'generated'; readonly result: TextResult }
  | ({ readonly step: 'confidence'; readonly least: number } & Judgement)
  | ({ readonly step: 'filter' } & FilterVerdict)
  | { readonly step: 'shown'; readonly text: string; readonly replaceAfter: number };

export type Trace = (event: TraceEvent) => void;
