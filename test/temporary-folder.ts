/** Folders and files that a test writes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Makes an empty folder for the running test. It is removed when the test is over. */
export function temporaryFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'sotto-test-'));
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** Writes a file in such a folder. @returns its path */
export function temporaryFile(name: string, content: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/**
 * Removes a folder with everything in it. Windows refuses to remove a file that a process has mapped, and ONNX Runtime
 * maps weights until its process ends. There, such files stay in the folder for temporary files.
 */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  }
}
