/**
 * Finds the models in the folders of other programs. It only lists folders and reads Ollama's manifests; what is in a
 * model is not its business. It blocks, so it runs in the inspection's process.
 */
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { listOllamaModels } from '../checkpoint/ollama-store';
import type { FoundModel } from './model-facts';
import type { ModelStore } from './model-stores';

/** @returns each model once, also if two programs share a folder; the program that comes first in `stores` has it */
export function findModels(stores: readonly ModelStore[]): readonly FoundModel[] {
  const known = new Set<string>();
  return stores
    .flatMap(store => layouts[store.layout](store))
    .filter(({ path }) => {
      const real = realPath(path);
      return !known.has(real) && known.add(real);
    });
}

const layouts = { ollama: findInOllama, hub: findInHub, files: findInFolder };

/** Folders below the store, at most. LM Studio and the hub need three, a repository may have some of its own. */
const maxDepth = 6;
/** Entries of folders that are looked at in one store, in case a user has named a folder such as their home. */
const maxEntries = 20_000;

function findInOllama({ program, folder }: ModelStore): readonly FoundModel[] {
  return listOllamaModels(folder).map(({ name, path }) => ({ program, name, path, bytes: sizeOf(path) }));
}

/**
 * A repository is `models--OWNER--NAME/snapshots/REVISION/`, a folder of links. Of several revisions the one counts that
 * `refs/main` names.
 */
function findInHub({ program, folder }: ModelStore): readonly FoundModel[] {
  return list(folder)
    .filter(({ name }) => name.startsWith('models--'))
    .flatMap(({ name }) => {
      const snapshot = newestSnapshot(join(folder, name));
      if (snapshot === undefined) return [];
      const repository = name.slice('models--'.length).replaceAll('--', '/');
      return modelsBelow(snapshot).map(({ path, bytes }) => {
        const isWhole = path === snapshot;
        return { program, name: isWhole ? repository : `${repository}/${basename(path)}`, path, bytes };
      });
    });
}

function newestSnapshot(repository: string): string | undefined {
  const snapshots = list(join(repository, 'snapshots')).map(({ name }) =>
    join(repository, 'snapshots', name),
  );
  const main = readMain(join(repository, 'refs', 'main'));
  const age = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return (
    snapshots.find(path => basename(path) === main) ??
    snapshots.sort((one, other) => age(other) - age(one))[0]
  );
}

function readMain(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function findInFolder({ program, folder }: ModelStore): readonly FoundModel[] {
  return modelsBelow(folder).map(({ path, bytes }) => ({ program, name: nameOf(path), path, bytes }));
}

/** Jan calls every file `model.gguf`, so there the folder has the name. */
function nameOf(path: string): string {
  const name = basename(path);
  return /^model\.gguf$/i.test(name) ? basename(dirname(path)) : name;
}

interface ModelOnDisk {
  readonly path: string;
  readonly bytes: number;
}

/** The GGUF files and the model folders below a folder. A GGUF file in several parts is its first part. */
export function modelsBelow(top: string): readonly ModelOnDisk[] {
  let entriesLeft = maxEntries;
  const walk = (folder: string, depth: number): readonly ModelOnDisk[] => {
    const entries = list(folder);
    entriesLeft -= entries.length;
    if (entriesLeft < 0) return [];
    const names = entries.map(({ name }) => name);
    const ggufs = names.filter(isModelFile).map(name => measure(folder, name, names));
    const whole = isModelFolder(names) ? [{ path: folder, bytes: sizeOfFolder(folder, names) }] : [];
    const folders = depth < maxDepth ? entries.filter(entry => entry.isDirectory()) : [];
    return [...whole, ...ggufs, ...folders.flatMap(({ name }) => walk(join(folder, name), depth + 1))];
  };
  return walk(top, 0);
}

/** `mmproj` files belong to a model and are none. */
function isModelFile(name: string): boolean {
  if (extname(name).toLowerCase() !== '.gguf' || /^mmproj|[-.]mmproj/i.test(name)) return false;
  const part = partOf.exec(name);
  return part === null || Number(part[1]) === 1;
}

const partOf = /-(\d{5})-of-(\d{5})\.gguf$/i;

function measure(folder: string, name: string, names: readonly string[]): ModelOnDisk {
  const path = join(folder, name);
  if (!partOf.test(name)) return { path, bytes: sizeOf(path) };
  const start = name.replace(partOf, '');
  const parts = names.filter(other => partOf.test(other) && other.replace(partOf, '') === start);
  return { path, bytes: parts.reduce((sum, part) => sum + sizeOf(join(folder, part)), 0) };
}

function isModelFolder(names: readonly string[]): boolean {
  const hasWeights = names.some(name => /^model(\.safetensors(\.index\.json)?|.*\.onnx)$|^onnx$/.test(name));
  return names.includes('config.json') && hasWeights;
}

function sizeOfFolder(folder: string, names: readonly string[]): number {
  const weights = names.filter(name => /\.(safetensors|onnx|onnx_data)$/.test(name));
  return weights.reduce((sum, name) => sum + sizeOf(join(folder, name)), 0);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Nothing if the folder is not there, or may not be read. */
function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
  } catch {
    return [];
  }
}
