/**
 * Gives a finished folder its name. Windows renames no folder while a file in it is open, and a virus scanner opens
 * what has just been written: there it is tried again for half a minute. Synchronous, as the builds are that it ends.
 * `scripts/rename-patiently.mjs` is the same for the scripts, which run before anything is bundled.
 */
import { existsSync, renameSync } from 'node:fs';

/** What it is done with; a test has a disk that refuses. */
export interface Renaming {
  readonly platform: NodeJS.Platform;
  rename(from: string, to: string): void;
  /** Blocks for so many milliseconds. */
  wait(ms: number): void;
}

const ours: Renaming = {
  platform: process.platform,
  rename: renameSync,
  wait: ms => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};

/** Twice as long after each try; npm's graceful-fs and VS Code itself give a scanner 60 s altogether. */
const firstWaitMs = 50;
const longestWaitMs = 2_000;
const patienceMs = 30_000;

/**
 * @param to nothing may be there: what is there would be refused as well, and waiting would not help
 * @throws what the last try threw
 */
export function renamePatiently(from: string, to: string, { platform, rename, wait }: Renaming = ours): void {
  let waited = 0;
  for (let ms = firstWaitMs; ; ms = Math.min(2 * ms, longestWaitMs)) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      const mayPass = platform === 'win32' && isHeld(error) && !existsSync(to);
      if (!mayPass || waited >= patienceMs) throw error;
    }
    wait(ms);
    waited += ms;
  }
}

function isHeld(error: unknown): boolean {
  return ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '');
}
