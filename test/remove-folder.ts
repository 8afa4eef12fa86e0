import { rmSync } from 'node:fs';

/**
 * Removes a folder of the tests with all that is in it. Windows does not remove what a process has mapped, as ONNX
 * Runtime has weights until its process ends: what is left there stays in the folder for temporary files.
 */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  }
}
