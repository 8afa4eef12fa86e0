/** A request to the completer, its outcome, and the steps between them. Types only. */
import type { DocumentSnapshot } from '../document/document-snapshot';
import type { StopReason } from '../generation/engine';
import type { OtherFile } from '../other-files/other-file';
import type { CompletionSettings } from '../settings/settings';
import type { FilterVerdict, Insertion } from './filters/filter';
import type { Judgement, ScoredText } from './judge';

/** 'automatic': the user is typing. 'manual': the user asked. */
export type TriggerKind = 'automatic' | 'manual';

/** How far a suggestion goes: to the end of the line, or to the end of the indented block. */
export type Scope = 'line' | 'block';

/** A question: what may come at this place of this document? */
export interface CompletionRequest {
  readonly document: DocumentSnapshot;
  readonly trigger: TriggerKind;
  readonly scope: Scope;
  readonly settings: CompletionSettings;
  /**
   * The files beside the document, the most recent first; undefined while they are collected for the first time. Only
   * called if the settings want other files. A file is the same object until its text changes.
   */
  readonly otherFiles?: (() => readonly OtherFile[] | undefined) | undefined;
  /** Hears each step. The events hold the document's text, so they must not be logged. */
  readonly trace?: Trace | undefined;
}

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

/** Why no suggestion is wanted. */
export type Refusal =
  /** VS Code asks Sotto in documents of some schemes only. */
  | 'scheme'
  /** VS Code's setting `editor.inlineSuggest.enabled` is off. */
  | 'inline-suggest'
  | 'unreadable-ignore-file'
  | 'ignored'
  | 'secret'
  | 'off'
  | 'language'
  /** A pattern of `sotto.exclude` names the file. */
  | 'excluded'
  /** The user has paused suggestions for a while. */
  | 'paused'
  | 'battery'
  | 'undo'
  | 'empty'
  | 'long-line'
  | 'before-word'
  /** The cursor is in a comment or string, and the user wants nothing there. */
  | 'in-comment'
  | 'in-string';

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

export interface TextResult extends ScoredText {
  readonly report: GenerationReport;
}

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
