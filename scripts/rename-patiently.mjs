// Gives a finished folder its name, on Windows also where a virus scanner still has a file in it open.
// src/files/rename-patiently.ts is the same for what is bundled, and says why.

import { existsSync } from 'node:fs';
import { rename as renameOnce } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const firstWaitMs = 50;
const longestWaitMs = 2_000;
const patienceMs = 30_000;

/**
 * Rejects with what the last try threw.
 *
 * @param {string} from
 * @param {string} to nothing may be there: what is there would be refused as well, and waiting would not help
 * @param {object} [renaming] what it is done with; a test has a disk that refuses
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
