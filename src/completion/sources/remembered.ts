/** Texts the model gave for the same prompt and options, for coming back to a place; the least recently used goes first. */
import type { DocumentSnapshot } from '../../document/document-snapshot';
import type { CompletionSettings } from '../../settings/settings';
import type { Scope } from '../when/trigger';
import type { GeneratedText } from './typed-along';

export interface CachedText extends GeneratedText {
  /** Found before it was asked for (`prepare-next.ts`). */
  readonly isPrepared?: boolean;
}

export interface SuggestionCache {
  get(key: string): CachedText | undefined;
  set(key: string, generated: CachedText): void;
}

export function createSuggestionCache(capacity: number): SuggestionCache {
  const entries = new Map<string, CachedText>();
  return {
    get(key) {
      const found = entries.get(key);
      if (found !== undefined) {
        entries.delete(key);
        entries.set(key, found);
      }
      return found;
    },
    set(key, generated) {
      entries.delete(key);
      entries.set(key, generated);
      if (entries.size > capacity) entries.delete(entries.keys().next().value!);
    },
  };
}

/** All that an answer depends on: the text near the cursor, how much is wanted, and how it is drawn. */
export function cacheKey(
  { uri, prefix, suffix }: DocumentSnapshot,
  scope: Scope,
  settings: CompletionSettings,
): string {
  const { sampling, maxTokens, contextTokens, otherFiles } = settings;
  return JSON.stringify([
    uri,
    prefix.slice(-2000),
    suffix.slice(0, 500),
    scope,
    sampling,
    maxTokens,
    contextTokens,
    otherFiles,
  ]);
}
