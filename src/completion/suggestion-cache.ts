/** Texts the model gave for the same prompt and options, for coming back to a place; the least recently used goes first. */
import type { GeneratedText } from './last-suggestion';

export interface SuggestionCache {
  get(key: string): GeneratedText | undefined;
  set(key: string, generated: GeneratedText): void;
}

export function createSuggestionCache(capacity: number): SuggestionCache {
  const entries = new Map<string, GeneratedText>();
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
