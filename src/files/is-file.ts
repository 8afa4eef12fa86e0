import { statSync } from 'node:fs';

/** Whether `path` is a file, or a link to one: what tells a GGUF file from a checkpoint's folder. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Whoever opens it says why it cannot be.
    return false;
  }
}
