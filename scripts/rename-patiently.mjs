// Renames a finished folder. On Windows it tries again while a virus scanner still has a file in the folder open.
// src/common/microsoft-windows-files.ts is the same for the bundles and explains why.

import { existsSync } from 'node:fs';
import { rename as renameOnce } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const firstWaitMs = 50;
const longestWaitMs = 2_000;
const patienceMs = 30_000;

/**
 * Rejects with the error of the last try.
 *
 * @param {string} from
 * @param {string} to must not exist: Windows would refuse that too, and waiting would not help
 * @param {object} [renaming] the functions that it calls; a test passes a disk that refuses
 * @param {NodeJS.Platform} [renaming.platform]
 * @param {(from: string, to: string) => void | Promise<void>} [renaming.rename]
 * @param {(ms: number) => unknown} [renaming.wait]
 */
export async function renamePatiently(
  from,
  to,
  { platform = process.platform, rename = renameOnce, wait = delay } = {},
) {
  let waited = 0;
  for (let ms = firstWaitMs; ; ms = Math.min(2 * ms, longestWaitMs)) {
    try {
      return await rename(from, to);
    } catch (error) {
      const mayPass = platform === 'win32' && isHeld(error) && !existsSync(to);
      if (!mayPass || waited >= patienceMs) throw error;
    }
    await wait(ms);
    waited += ms;
  }
}

/** @param {unknown} error */
function isHeld(error) {
  const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error);
  return ['EPERM', 'EACCES', 'EBUSY'].includes(code);
}
