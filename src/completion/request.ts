import type { DocumentSnapshot } from '../document/document-snapshot';
import type { OtherFile } from '../other-files/other-file';
import type { CompletionSettings } from '../settings/settings';
import type { Trace } from './explain/trace';
import type { Scope } from './when/scope';

/** 'automatic': the user is typing. 'manual': the user asked. */
export type TriggerKind = 'automatic' | 'manual';

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
