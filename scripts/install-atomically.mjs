// Installs something into a folder so that the folder is either complete or not there. An installation takes seconds,
// may be interrupted, and two processes may start it at once. Knows nothing of what is installed.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { renamePatiently } from './rename-patiently.mjs';

/** Tries again for 5 s: on Windows a virus scanner may have a file open. */
const remove = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };

/**
 * @param {string} folder
 * @param {() => Promise<boolean>} isInstalled whether `folder` is there and up to date
 * @param {(workFolder: string) => Promise<string>} build does the work in an empty folder beside `folder`. Returns a
 *   path in that folder, which is then renamed to `folder`
 */
export async function installAtomically(folder, isInstalled, build) {
  if (await isInstalled()) return;
  await removeAbandoned(folder);
  const workFolder = `${folder}.installing-${process.pid}`;
  await mkdir(workFolder, { recursive: true });
  try {
    const built = await build(workFolder);
    // Another process may have finished first. Its installation is as good as ours.
    if (await isInstalled()) return;
    await rm(folder, remove);
    await renamePatiently(built, folder).catch(async error => {
      if (!(await isInstalled())) throw error;
    });
  } finally {
    // If this fails, the next installation removes it. The result of this one stays the same.
    await rm(workFolder, remove).catch(() => undefined);
  }
}

/**
 * Removes the work folders of this folder whose process has ended.
 * @param {string} folder
 */
async function removeAbandoned(folder) {
  const prefix = `${basename(folder)}.installing-`;
  for (const name of await readdir(dirname(folder)).catch(() => [])) {
    if (!name.startsWith(prefix) || isRunning(Number(name.slice(prefix.length)))) continue;
    await rm(join(dirname(folder), name), remove);
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch {
    return false;
  }
}
