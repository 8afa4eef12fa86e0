/**
 * Ollama's store: which models it has, and which file each one is. It reads, and never writes.
 *
 *     manifests/registry.ollama.ai/library/qwen2.5-coder/1.5b-base     JSON: the layers of a model
 *     blobs/sha256-…                                                   the layers; that of the weights is a GGUF file
 *
 * Source: https://github.com/ollama/ollama, `manifest/paths.go`, `manifest/manifest.go`, `types/model/name.go`.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface OllamaModel {
  /** As `ollama list` has it, such as `qwen2.5-coder:1.5b-base`. */
  readonly name: string;
  /** Path of the GGUF file. */
  readonly path: string;
}

/** @param store the folder with `manifests` and `blobs`; it need not be there */
export function listOllamaModels(store: string): readonly OllamaModel[] {
  const manifests = join(store, 'manifests');
  return namesBelow(manifests, 4).flatMap(parts => {
    const blob = weightsBlob(store, join(manifests, ...parts));
    return blob === undefined ? [] : [{ name: shortName(parts), path: blob }];
  });
}

/** @returns the model's name in the store that the file lies in; undefined for any other file */
export function nameOfOllamaBlob(path: string): string | undefined {
  if (!blobName.test(basename(path)) || basename(dirname(path)) !== 'blobs') return undefined;
  const models = listOllamaModels(dirname(dirname(path)));
  return models.find(model => basename(model.path) === basename(path))?.name;
}

const blobName = /^sha256-[0-9a-f]{64}$/i;
const weightsLayer = 'application/vnd.ollama.image.model';
/** Larger than any real manifest. */
const maxManifestBytes = 1_000_000;

interface Manifest {
  readonly layers?: readonly { readonly mediaType?: unknown; readonly digest?: unknown }[];
  /** A list for several runners, in Ollama's own order of preference. Each is a manifest, or the digest of one. */
  readonly manifests?: readonly (Manifest & { readonly digest?: unknown })[];
}

/** @returns the path of the GGUF file; undefined if the model has none (MLX), or if the manifest is damaged */
function weightsBlob(store: string, manifestPath: string): string | undefined {
  const manifest = readManifest(manifestPath);
  const children = manifest?.manifests?.map(child => {
    const path = child.layers === undefined ? blobPath(store, child.digest) : undefined;
    return path === undefined ? child : readManifest(path);
  });
  for (const candidate of [manifest, ...(children ?? [])]) {
    const layer = candidate?.layers?.find(({ mediaType }) => mediaType === weightsLayer);
    const path = blobPath(store, layer?.digest);
    if (path !== undefined) return path;
  }
  return undefined;
}

function readManifest(path: string): Manifest | undefined {
  try {
    if (statSync(path).size > maxManifestBytes) return undefined;
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const manifest = Object(value) as Manifest;
    const isSound = [manifest.layers, manifest.manifests].every(
      list => list === undefined || list === null || (Array.isArray(list) && list.every(isRecord)),
    );
    return isSound ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined if it is not a digest, or its file is not there */
function blobPath(store: string, digest: unknown): string | undefined {
  if (typeof digest !== 'string') return undefined;
  const name = digest.replace(':', '-');
  const path = join(store, 'blobs', name);
  return blobName.test(name) && existsSync(path) ? path : undefined;
}

/** The names of the files that lie `depth` names deep, each as its names from the top. */
function namesBelow(folder: string, depth: number): readonly (readonly string[])[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return [];
  }
  if (depth === 1) return names.map(name => [name]);
  return names.flatMap(name => namesBelow(join(folder, name), depth - 1).map(rest => [name, ...rest]));
}

/** Ollama leaves out its own registry and the namespace `library`. */
function shortName([host = '', namespace = '', model = '', tag = '']: readonly string[]): string {
  const owner = namespace === 'library' ? '' : `${namespace}/`;
  return host === 'registry.ollama.ai' ? `${owner}${model}:${tag}` : `${host}/${namespace}/${model}:${tag}`;
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
