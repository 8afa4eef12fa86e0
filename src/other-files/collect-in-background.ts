/** What is collected for a document while nobody waits: who asks gets what is known, and what is new at a later time. */
import { PerDocument } from '../common/per-document';

export interface Collected<Found> {
  /**
   * @param collect must not reject
   * @returns what was collected last for the document; undefined while that is done for the first time
   */
  of(uri: string, collect: () => Promise<Found>): Found | undefined;
  /** What is known may be told no more, nor what is on its way. */
  forget(): void;
}

/** @param interval milliseconds between two collections for a document */
export function collectInBackground<Found>(interval: number, now: () => number): Collected<Found> {
  let known = new PerDocument<{ readonly at: number; found: Found | undefined }>();
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
    forget() {
      known = new PerDocument();
    },
  };
}
