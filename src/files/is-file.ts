import { statSync } from 'node:fs';

/** Whether `path` is a file that is there: what tells a GGUF file from a checkpoint's folder. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
