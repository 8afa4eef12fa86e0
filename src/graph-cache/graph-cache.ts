/**
 * Built graphs on disk, so that a checkpoint is converted once. Keyed by which checkpoint it is (path, and the names,
 * sizes and times of its files, not their content: hashing gigabytes at each start would take longer than to open
 * them), the options and the version of the graphs. Written under another name and renamed, so that a half-written
 * graph is never seen and two windows may build the same one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelFileError } from '../checkpoint/model-file-error';
import type { CheckpointSource } from '../checkpoint/model-source';
import { checkpointFiles } from '../checkpoint/open-checkpoint';
import { renamePatiently, upperCaseDrive } from '../common/windows-files';
import { type BuildOptions, buildModel, graphFile, graphVersion } from '../model/build-model';
import {
  markOpen,
  removeAbandoned,
  removeGraph,
  removeLeastRecentlyUsed,
  removeQuietly,
  unfinishedName,
} from './graph-folders';

export interface GraphCacheOptions {
  /** Bytes of all built graphs together. */
  readonly maxBytes?: number;
  /** Told that a graph is about to be built, which blocks this process: of a large model for minutes. */
  readonly onBuild?: () => void;
}

/**
 * Two models of 7 thousand million weights in 8 bits (9 bits with their scales, so 8 GB each) and some small ones:
 * whoever compares two large ones does not build them in turn.
 */
const usualMaxBytes = 20e9;

/**
 * @param graphsFolder where built graphs are kept; made if it is not there
 * @returns the path of `model.onnx`, which counts as open as long as this process runs
 * @throws ModelFileError if the checkpoint is not usable; nothing is left behind then
 */
export function ensureGraph(
  checkpoint: CheckpointSource,
  graphsFolder: string,
  options: BuildOptions,
  { maxBytes = usualMaxBytes, onBuild = () => undefined }: GraphCacheOptions = {},
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
      buildModel(checkpoint, unfinished, options);
      moveIntoPlace(unfinished, built);
    } finally {
      removeQuietly(unfinished);
    }
    markOpen(built);
    removeLeastRecentlyUsed(graphsFolder, maxBytes);
  }
  return join(built, graphFile);
}

/** Removes a built graph that cannot be opened, so that the next start builds it again. @param path of `model.onnx` */
export function dropGraph(path: string): void {
  removeGraph(dirname(path));
}

/** Another process may have been faster: its graph is as good. */
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
