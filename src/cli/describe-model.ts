/** What a checkpoint that was not made for Sotto is taken for. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type ModelManifest, readManifest } from '../completion/local-model';
import { isFile } from '../files/is-file';
import { readShape } from '../model/build-model';

/** For a checkpoint that does not say what it was trained on: enough for a file or two, and a small cache. */
const usualContextWindow = 2048;

/** @throws ModelFileError */
export function describeModel(path: string): ModelManifest {
  if (existsSync(join(path, 'sotto.json'))) return readManifest(path);
  return {
    name: basename(path),
    contextWindow: Math.min(usualContextWindow, readShape(path).contextLength),
    weightBits: isFile(path) ? 'stored' : 8,
  };
}
