/**
 * Built graphs on disk, so that a checkpoint is converted once. Keyed by what the checkpoint is (names, sizes and
 * times of its files), the options and the version of the graphs; written under another name and renamed, so that a
 * half-written graph is never seen and two windows may build the same one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ModelFileError } from '../files/model-file-error';
import { type BuildOptions, buildModel, graphFile, graphVersion } from '../model/build-model';

/**
 * @param folder the checkpoint
 * @param graphsFolder where built graphs are kept; made if it is not there
 * @returns the path of `model.onnx`
 * @throws ModelFileError if the checkpoint is not usable; nothing is left behind then
 */
export function ensureGraph(folder: string, graphsFolder: string, options: BuildOptions): string {
  const built = join(graphsFolder, keyOf(folder, options));
  if (!existsSync(join(built, graphFile))) {
    const unfinished = `${built}.${randomUUID()}.unfinished`;
    mkdirSync(unfinished, { recursive: true });
    try {
      buildModel(folder, unfinished, options);
      moveIntoPlace(unfinished, built);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return join(built, graphFile);
}

/** Another process may have been faster: its graph is as good. */
function moveIntoPlace(unfinished: string, built: string): void {
  try {
    renameSync(unfinished, built);
  } catch (error) {
    if (!existsSync(join(built, graphFile))) throw error;
  }
}

function keyOf(folder: string, options: BuildOptions): string {
  const hash = createHash('sha256').update(JSON.stringify([resolve(folder), options, graphVersion]));
  for (const name of ['config.json', 'model.safetensors']) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new ModelFileError(path, 'file', 'is missing');
    hash.update(JSON.stringify([name, stats.size, stats.mtimeMs]));
  }
  return hash.digest('hex').slice(0, 32);
}
