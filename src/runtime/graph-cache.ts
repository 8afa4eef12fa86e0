/**
 * Built graphs on disk, so that a checkpoint is converted once. Keyed by what the checkpoint is (names, sizes and
 * times of its files), the options and the version of the graphs; written under another name and renamed, so that a
 * half-written graph is never seen and two windows may build the same one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelFileError } from '../files/model-file-error';
import { type BuildOptions, buildModel, graphFile, graphVersion } from '../model/build-model';
import { checkpointFiles } from '../model/open-checkpoint';

/**
 * @param folder the checkpoint, or a GGUF file
 * @param graphsFolder where built graphs are kept; made if it is not there
 * @returns the path of `model.onnx`
 * @throws ModelFileError if the checkpoint is not usable; nothing is left behind then
 */
export function ensureGraph(folder: string, graphsFolder: string, options: BuildOptions): string {
  const built = join(graphsFolder, keyOf(folder, options));
  if (!existsSync(join(built, graphFile))) {
    const unfinished = `${built}.${randomUUID()}${unfinishedMark}`;
    mkdirSync(unfinished, { recursive: true });
    removeAbandoned(graphsFolder);
    try {
      buildModel(folder, unfinished, options);
      moveIntoPlace(unfinished, built);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return join(built, graphFile);
}

/** Removes a built graph that cannot be opened, so that the next start builds it again. @param path of `model.onnx` */
export function dropGraph(path: string): void {
  rmSync(dirname(path), { recursive: true, force: true });
}

const unfinishedMark = '.unfinished';
/** No build takes so long; whoever began it was killed. */
const abandonedMs = 60 * 60 * 1000;

function removeAbandoned(graphsFolder: string): void {
  for (const name of readdirSync(graphsFolder)) {
    const path = join(graphsFolder, name);
    // Another process may be removing the same one.
    const begun = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (name.endsWith(unfinishedMark) && Date.now() - begun > abandonedMs)
      rmSync(path, { recursive: true, force: true });
  }
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
  for (const path of checkpointFiles(folder)) {
    const stats = statOf(path);
    hash.update(JSON.stringify([basename(path), stats.size, stats.mtimeMs]));
  }
  return hash.digest('hex').slice(0, 32);
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ModelFileError(path, 'file', code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`);
  }
}
