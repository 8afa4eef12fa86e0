/** From a document to prompt ids: what fits, in the model's own layout, with as much as possible left where it was. */

import type { LocalModel } from '../completion/local-model';
import type { DocumentSnapshot } from '../document/document-snapshot';
import type { PieceBudget } from '../other-files/choose-pieces';
import type { Piece } from '../other-files/other-file';
import type { CompletionSettings } from '../settings/settings';
import { type TextWindow, updateWindow } from './sticky-window';
import type { HealedText } from './token-healing';

/** A quarter of the room is the suffix's at most: what is near the cursor's left matters more (design page). */
const suffixShare = 1 / 4;
/**
 * Pieces of other files have a third of the prompt at most. They have 20 to 60 % of half of the training's windows
 * (`train/sotto_train/documents.py`), and the text near the cursor is worth more.
 */
const piecesShare = 1 / 3;
/** A prompt without at least a line or two is not worth a run. */
const leastTokens = 16;

export interface Prompt {
  readonly ids: readonly number[];
  /** What of the document they show: the next prompt begins where this one does, if it can. */
  readonly window: TextWindow;
  /** Where the prompt ends before the cursor. */
  readonly healed: HealedText | undefined;
}

export interface Surroundings {
  /** The window of the document's last prompt. */
  readonly previous?: TextWindow | undefined;
  /** Pieces of other files, which stand before the document. */
  readonly otherFiles?: readonly Pick<Piece, 'path' | 'text'>[];
}

export function buildPrompt(
  document: DocumentSnapshot,
  model: Pick<LocalModel, 'tokenizer' | 'layout' | 'contextWindow' | 'heal'>,
  settings: Pick<CompletionSettings, 'contextTokens' | 'maxTokens'>,
  { previous, otherFiles = [] }: Surroundings = {},
): Prompt {
  const { path } = document;
  const { tokenizer, layout } = model;
  const count = (text: string) => (text === '' ? 0 : tokenizer.encode(text).length);
  const frame = layout.encode({ path, prefix: '', suffix: '\n', otherFiles }).length;
  const tokens = Math.max(leastTokens, promptTokens(model, settings) - frame);
  const suffixTokens = layout.takesSuffix ? Math.floor(tokens * suffixShare) : 0;
  const window = updateWindow(document, { tokens, suffixTokens }, count, previous);
  const healed = model.heal?.(window.prefix);
  const prefix = healed?.kept ?? window.prefix;
  return { ids: layout.encode({ path, prefix, suffix: window.suffix, otherFiles }), window, healed };
}

/** Tokens of a prompt, at most. */
export function promptTokens(
  { contextWindow }: Pick<LocalModel, 'contextWindow'>,
  { contextTokens, maxTokens }: Pick<CompletionSettings, 'contextTokens' | 'maxTokens'>,
): number {
  return Math.min(contextTokens, contextWindow - maxTokens);
}

/** Whether the prompt shows pieces of other files: 'auto' shows them to models that were trained to read them. */
export function wantsOtherFiles(
  { layout }: Pick<LocalModel, 'layout'>,
  { otherFiles }: Pick<CompletionSettings, 'otherFiles'>,
): boolean {
  return otherFiles === 'always' || (otherFiles === 'auto' && layout.readsOtherFiles);
}

/** What the pieces of other files may take of a prompt. */
export function piecesBudget(
  model: Pick<LocalModel, 'tokenizer' | 'contextWindow'>,
  settings: Pick<CompletionSettings, 'contextTokens' | 'maxTokens'>,
): PieceBudget {
  return {
    tokens: Math.floor(promptTokens(model, settings) * piecesShare),
    count: text => model.tokenizer.encode(text).length,
  };
}
