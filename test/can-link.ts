import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './remove-folder';

/** Whether links can be made: on Windows an account may only in developer mode, or as an administrator. */
export const canLink = probe();

function probe(): boolean {
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
