/**
 * Built graphs on disk, so that a checkpoint is converted only once.
 *
 * The key of a graph is made of the checkpoint's path, the names, sizes and times of its files, the options, and the
 * version of our graphs. It does not depend on the content of the files: to hash gigabytes at each start would take
 * longer than to open them. A graph is written under another name and then renamed. So a half-written graph is never
 * found under its key, and two windows may build the same graph at once.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelFileError } from '../checkpoint/model-file-error';
import type { CheckpointSource } from '../checkpoint/model-source';
import { checkpointFiles } from '../checkpoint/open-checkpoint';
import { renamePatiently, upperCaseDrive } from '../common/microsoft-windows-files';
import {
  type BuildOptions,
  buildModel,
  graphFile,
  graphVersion,
  type OnProgress,
} from '../model/build-model';
import {
  markOpen,
  removeAbandoned,
  removeGraph,
  removeLeastRecentlyUsed,
  removeQuietly,
  unfinishedName,
} from './graph-folders';

export interface GraphCacheOptions {
  /** Bytes of all built graphs together, at most. */
  readonly maxBytes?: number;
  /** Called before a graph is built. The build blocks this process, for a large model for minutes. */
  readonly onBuild?: () => void;
  /** Called while it is built. */
  readonly onProgress?: OnProgress;
}

/**
 * Room for some small models and two models of 7 billion weights (8 GB each: 8 bits a weight, 9 with the scales). So a
 * user who compares two large models does not build each of them again and again.
 */
const defaultMaxBytes = 20e9;

/**
 * @param graphsFolder where built graphs are kept; it is made if it is missing
 * @returns the path of `model.onnx`; the graph counts as in use until this process ends
 * @throws ModelFileError if the checkpoint cannot be used; then no files are left behind
 */
export function ensureGraph(
  checkpoint: CheckpointSource,
  graphsFolder: string,
  options: BuildOptions,
  { maxBytes = defaultMaxBytes, onBuild = () => undefined, onProgress }: GraphCacheOptions = {},
): string {
  const built = join(graphsFolder, keyOf(checkpoint, options));
  removeAbandoned(graphsFolder);
  if (existsSync(join(built, graphFile))) {
    markOpen(built);
  } else {
    const unfinished = unfinishedName(built);
    mkdirSync(unfinished, { recursive: true });
    try {
      onBuild();
      buildModel(checkpoint, unfinished, options, onProgress);
      moveIntoPlace(unfinished, built);
    } finally {
      removeQuietly(unfinished);
    }
    markOpen(built);
    removeLeastRecentlyUsed(graphsFolder, maxBytes);
  }
  return join(built, graphFile);
}

/** Removes a graph that cannot be opened, so that the next start builds it again. @param path of `model.onnx` */
export function dropGraph(path: string): void {
  removeGraph(dirname(path));
}

/** If another process was faster, its graph stays: it is the same. */
function moveIntoPlace(unfinished: string, built: string): void {
  try {
    renamePatiently(unfinished, built);
  } catch (error) {
    if (!existsSync(join(built, graphFile))) throw error;
  }
}

function keyOf(checkpoint: CheckpointSource, options: BuildOptions): string {
  const place = upperCaseDrive(resolve(checkpoint.kind === 'gguf' ? checkpoint.file : checkpoint.folder));
  const hash = createHash('sha256').update(JSON.stringify([place, options, graphVersion]));
  for (const path of checkpointFiles(checkpoint)) {
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
