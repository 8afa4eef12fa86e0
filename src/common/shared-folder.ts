/** A folder that several processes write to at the same time: what was there a moment ago may be gone. Nothing here fails. */
import { readdirSync, statSync } from 'node:fs';

/** @returns the error, if there is one */
export function attempt(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** The names in a folder; none if it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  let names: readonly string[] = [];
  attempt(() => {
    names = readdirSync(folder);
  });
  return names;
}

/** Milliseconds since it was written; 0 if another process has just removed it. */
export function ageOf(path: string): number {
  const now = Date.now();
  return now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
}
