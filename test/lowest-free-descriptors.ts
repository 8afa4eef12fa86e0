import { closeSync, openSync } from 'node:fs';

/** The system gives the lowest numbers that are free: they are others while a file is open. */
export function lowestFreeDescriptors(): number[] {
  const files = Array.from({ length: 4 }, () => openSync(__filename, 'r'));
  for (const file of files) closeSync(file);
  return files;
}
