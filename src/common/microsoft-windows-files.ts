/**
 * Two things that Microsoft Windows does otherwise with files: it refuses some renames for a while, and it knows two
 * spellings of a drive.
 */
import { existsSync, renameSync } from 'node:fs';

/** What a rename is done with. A test passes a disk that refuses. */
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

/** The wait doubles after each try. npm's graceful-fs and VS Code itself wait 60 s for a scanner altogether. */
const firstWaitMs = 50;
const maxWaitMs = 2_000;
const patienceMs = 30_000;

/**
 * Gives a finished folder its name. Windows renames no folder while a file in it is open, and a virus scanner opens
 * files that were just written, so there the rename is tried again for half a minute. It blocks, as the builds do that
 * end with it. `scripts/rename-patiently.mjs` is the same for the scripts, which run before anything is bundled.
 *
 * @param to must not exist: Windows would refuse that too, and waiting would not help
 * @throws the error of the last try
 */
export function renamePatiently(from: string, to: string, { platform, rename, wait }: Renaming = ours): void {
  let waited = 0;
  for (let ms = firstWaitMs; ; ms = Math.min(2 * ms, maxWaitMs)) {
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

/**
 * On Windows one file has two spellings, `c:\x` (VS Code's) and `C:\x` (a terminal's). Returns the second for both.
 * @param path absolute; a path without a drive is returned as it is
 */
export function upperCaseDrive(path: string): string {
  return path.replace(/^[a-z]:(?=[\\/])/, drive => drive.toUpperCase());
}
