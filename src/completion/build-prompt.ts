/** From a document to prompt ids: what fits, in the model's own layout, with as much as possible left where it was. */
import type { DocumentSnapshot } from '../context/document-snapshot';
import type { OtherFile } from '../context/other-file';
import { type TextWindow, updateWindow } from '../context/sticky-window';
import type { LocalModel } from './local-model';
import type { PerDocument } from './per-document';
import type { CompletionSettings } from './settings';

/** A quarter of the room is the suffix's at most: what is near the cursor's left matters more (design page). */
const suffixShare = 1 / 4;
/** A prompt without at least a line or two is not worth a run. */
const leastTokens = 16;

export function buildPrompt(
  document: DocumentSnapshot,
  otherFiles: readonly OtherFile[],
  model: Pick<LocalModel, 'tokenizer' | 'layout' | 'contextWindow'>,
  settings: Pick<CompletionSettings, 'contextTokens' | 'maxTokens'>,
  windows: PerDocument<TextWindow>,
): readonly number[] {
  const { path, uri } = document;
  const { tokenizer, layout } = model;
  const count = (text: string) => (text === '' ? 0 : tokenizer.encode(text).length);
  const frame = layout.encode({ path, prefix: '', suffix: '\n', otherFiles }).length;
  const tokens = Math.max(leastTokens, promptTokens(model, settings) - frame);
  const suffixTokens = layout.takesSuffix ? Math.floor(tokens * suffixShare) : 0;
  const window = updateWindow(document, { tokens, suffixTokens }, count, windows.get(uri));
  windows.set(uri, window);
  return layout.encode({ path, prefix: window.prefix, suffix: window.suffix, otherFiles });
}

/** Tokens of a prompt, at most. */
export function promptTokens(
  { contextWindow }: Pick<LocalModel, 'contextWindow'>,
  { contextTokens, maxTokens }: Pick<CompletionSettings, 'contextTokens' | 'maxTokens'>,
): number {
  return Math.min(contextTokens, contextWindow - maxTokens);
}
