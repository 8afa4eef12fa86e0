/**
 * The steps of a request as plain data, so that the user can read what happened. They hold the document's text, so they
 * stay in memory and are never logged.
 */
import type { FilterVerdict, Insertion } from '../filters/filter';
import type { Judgement } from '../judge/judge';
import type { ScoredText } from '../judge/scored-text';
import type { Refusal, SourceName } from '../outcome';
import type { TextResult } from '../sources/generate-text';
import type { Scope } from '../when/scope';

export type TraceEvent =
  | { readonly step: 'when'; readonly refusal: Refusal | undefined; readonly scope: Scope }
  /** The copy, made from `places` places with the same text before them. */
  | { readonly step: 'copied'; readonly places: number; readonly words: ScoredText }
  /** `spell` writes the prompt as the model sees it, with its marks. It is only called if the user opens the page. */
  | { readonly step: 'prompt'; readonly spell: () => string; readonly typed: string }
  | { readonly step: 'generated'; readonly result: TextResult }
  /** The part of a candidate that is at least `min` likely. */
  | ({
      readonly step: 'judged';
      readonly source: SourceName;
      readonly words: ScoredText;
      readonly min: number;
    } & Judgement)
  | ({ readonly step: 'filter' } & FilterVerdict)
  | ({ readonly step: 'shown' } & Insertion);

export type Trace = (event: TraceEvent) => void;
