/** Collects something for a document while no keystroke waits: a request gets what is known, a later one what is new. */
import { LruMap } from '../common/lru-map';

export interface Collected<Found> {
  /**
   * @param collect must not reject
   * @returns what was collected last for the document; undefined during its first collection
   */
  of(uri: string, collect: () => Promise<Found>): Found | undefined;
  /** Drops what is known, and what is being collected. */
  forget(): void;
}

/** Documents for which it is remembered. Users rarely work in more at once. */
const rememberedDocuments = 32;

/** @param interval milliseconds between two collections for a document */
export function collectInBackground<Found>(interval: number, now: () => number): Collected<Found> {
  const known = new LruMap<string, { readonly at: number; found: Found | undefined }>(rememberedDocuments);
  return {
    of(uri, collect) {
      const last = known.get(uri);
      if (last !== undefined && now() - last.at < interval) return last.found;
      const current = { at: now(), found: last?.found };
      known.set(uri, current);
      void collect().then(found => {
        current.found = found;
      });
      return current.found;
    },
    forget: () => known.clear(),
  };
}
