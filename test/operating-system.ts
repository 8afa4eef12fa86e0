/** What the tests must know of the operating system that they run on. */
import { closeSync, mkdtempSync, openSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './temporary-folder';

/** Whether this account can make links. On Windows it needs developer mode or administrator rights. */
export const canLink = canMakeLinks();

/** The reason in the engine's log when another process killed it. Windows has no signals, only an exit code. */
export const killedFromOutside = process.platform === 'win32' ? 'code 1' : 'SIGKILL';

/** The four lowest descriptors that are free. They change while a file is open, which shows a file left open. */
export function lowestFreeDescriptors(): number[] {
  const files = Array.from({ length: 4 }, () => openSync(__filename, 'r'));
  for (const file of files) closeSync(file);
  return files;
}

function canMakeLinks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-link-'));
  try {
    symlinkSync('nothing', join(folder, 'link'));
    return true;
  } catch (error) {
    if (process.platform !== 'win32') throw error;
    return false;
  } finally {
    removeFolder(folder);
  }
}
