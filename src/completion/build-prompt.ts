/** From a document to prompt ids: what fits, in the model's own layout, with as much as possible left where it was. */
import type { DocumentSnapshot } from '../context/document-snapshot';
import { type TextWindow, updateWindow } from '../context/sticky-window';
import type { LocalModel } from './local-model';
import type { CompletionSettings } from './settings';

/** The windows of the documents that were asked about lately. */
export class PromptWindows {
  private readonly windows = new Map<string, TextWindow>();

  get(uri: string): TextWindow | undefined {
    return this.windows.get(uri);
  }

  set(uri: string, window: TextWindow): void {
    this.windows.delete(uri);
    this.windows.set(uri, window);
    if (this.windows.size > 32) this.windows.delete(this.windows.keys().next().value!);
  }
}

/** A quarter of the room is the suffix's at most: what is near the cursor's left matters more (design page). */
const suffixShare = 1 / 4;
/** A prompt without at least a line or two is not worth a run. */
const leastTokens = 16;

export interface Prompt {
  readonly ids: readonly number[];
  /** What of the document they show: the next prompt begins where this one does, if it can. */
  readonly window: TextWindow;
}

/** @param previous the window of the document's last prompt */
export function buildPrompt(
  document: DocumentSnapshot,
  { tokenizer, layout, contextWindow }: Pick<LocalModel, 'tokenizer' | 'layout' | 'contextWindow'>,
  { contextTokens, maxTokens }: Pick<CompletionSettings, 'contextTokens' | 'maxTokens'>,
  previous?: TextWindow,
): Prompt {
  const { path } = document;
  const count = (text: string) => (text === '' ? 0 : tokenizer.encode(text).length);
  const frame = layout.encode({ path, prefix: '', suffix: '\n' }).length;
  const tokens = Math.max(leastTokens, Math.min(contextTokens, contextWindow - maxTokens) - frame);
  const suffixTokens = layout.takesSuffix ? Math.floor(tokens * suffixShare) : 0;
  const window = updateWindow(document, { tokens, suffixTokens }, count, previous);
  return { ids: layout.encode({ path, prefix: window.prefix, suffix: window.suffix }), window };
}
