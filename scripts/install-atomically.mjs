// Fills a folder so that it is either complete or not there: for installations that take seconds, may be
// interrupted, and may be wanted by two processes at once. Knows nothing of what is installed.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { renamePatiently } from './rename-patiently.mjs';

/** Tried again for 5 s altogether: on Windows a virus scanner may have a file open. */
const remove = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };

/**
 * @param {string} folder
 * @param {() => Promise<boolean>} isInstalled whether `folder` is there and up to date
 * @param {(workFolder: string) => Promise<string>} build does the work in an empty folder beside `folder`
 *   and returns the path, within it, of what is to become `folder`
 */
export async function installAtomically(folder, isInstalled, build) {
  if (await isInstalled()) return;
  await removeAbandoned(folder);
  const workFolder = `${folder}.installing-${process.pid}`;
  await mkdir(workFolder, { recursive: true });
  try {
    const built = await build(workFolder);
    // Another process may have finished first; its installation is as good as ours.
    if (await isInstalled()) return;
    await rm(folder, remove);
    await renamePatiently(built, folder).catch(async error => {
      if (!(await isInstalled())) throw error;
    });
  } finally {
    // What cannot be removed goes at the next installation; the outcome is what it was.
    await rm(workFolder, remove).catch(() => undefined);
  }
}

/** @param {string} folder work folders for it whose process has ended are removed */
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
