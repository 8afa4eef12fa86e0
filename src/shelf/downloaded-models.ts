/** The models that Sotto has downloaded: which there are, the space that they take, and how they are removed. */
import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { modelsBelow } from './find-models';
import type { FoundModel } from './model-facts';
import { isLockOfEnded, type PartGoal, partName, readGoal, removePart } from './part-file';

/** `OWNER/NAME/` and in it the repository's files, below this folder. */
export function repositoryFolder(modelsFolder: string, repository: string): string {
  return join(modelsFolder, ...repository.split('/'));
}

/** @param modelsFolder need not be there */
export function downloadedModels(modelsFolder: string): readonly FoundModel[] {
  return modelsBelow(modelsFolder).map(({ path, bytes }) => {
    const name = relative(modelsFolder, path).split(sep).join('/');
    return { program: 'Sotto', name, path, bytes };
  });
}

export interface UnfinishedDownload {
  readonly part: string;
  readonly goal: PartGoal;
  /** That are there. */
  readonly bytes: number;
  /** The process that downloaded it was killed. The user has not stopped it. */
  readonly wasKilled: boolean;
}

/** Downloads that were stopped. Each can go on. */
export function unfinishedDownloads(modelsFolder: string): readonly UnfinishedDownload[] {
  return filesBelow(modelsFolder)
    .filter(path => path.endsWith(partName('')))
    .flatMap(part => {
      const goal = readGoal(part);
      if (goal === undefined) return [];
      return [{ part, goal, bytes: statSync(part).size, wasKilled: isLockOfEnded(part) }];
    });
}

/**
 * Removes a model and the folders that are empty then. Files outside the folder of downloads are never removed.
 * @param path of the model: a file (with its parts, if it is cut in several), or a repository's folder
 */
export function removeModel(modelsFolder: string, path: string): void {
  const inside = relative(modelsFolder, path);
  if (inside === '' || inside.startsWith('..') || inside.split(sep).length < 2)
    throw new Error(`${path} is not a model that Sotto has downloaded`);
  const isFolder = statSync(path).isDirectory();
  for (const file of isFolder ? filesOfFolder(path) : partsOf(path)) rmSync(file, { force: true });
  removeEmptyFolders(isFolder ? path : dirname(path), modelsFolder);
}

/** Removes what has come of a download. */
export function removeUnfinished(modelsFolder: string, { part }: Pick<UnfinishedDownload, 'part'>): void {
  removePart(part);
  removeEmptyFolders(dirname(part), modelsFolder);
}

/** A repository may have GGUF files beside a model's folder. They are models of their own. */
function filesOfFolder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.gguf(\.part.*)?$/i.test(entry.name))
    .map(({ name }) => join(folder, name));
}

function partsOf(path: string): readonly string[] {
  const part = /-\d{5}-of-(\d{5})\.gguf$/i;
  const match = part.exec(path);
  if (match === null) return [path];
  const start = path.slice(0, match.index);
  const others = readdirSync(dirname(path)).map(name => join(dirname(path), name));
  return others.filter(other => other.startsWith(start) && part.exec(other.slice(start.length))?.index === 0);
}

function removeEmptyFolders(folder: string, top: string): void {
  for (let empty = folder; empty.length > top.length; empty = dirname(empty)) {
    try {
      rmdirSync(empty);
    } catch {
      // It is not empty.
      return;
    }
  }
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map(name => join(folder, name))
      .sort();
  } catch {
    return [];
  }
}
