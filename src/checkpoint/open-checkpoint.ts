/**
 * What people have: a Hugging Face folder (`config.json`; `model.safetensors`, or an index of several) or a GGUF file.
 * Either becomes a configuration and tensors in Hugging Face's names, so that an architecture is written once.
 */
import { join } from 'node:path';
import { isFile } from '../files/is-file';
import { openGguf } from './gguf';
import { JsonFile } from './json-file';
import { openSafetensors, type TensorSource } from './safetensors';
import { openShardedSafetensors, shardPaths } from './sharded-safetensors';

/** @throws ModelFileError naming the file and field at fault */
export function readConfig(checkpoint: string): JsonFile {
  if (!isFile(checkpoint)) return JsonFile.read(join(checkpoint, configFile));
  const { config, weights } = openGguf(checkpoint);
  weights.close();
  return config;
}

/** @throws ModelFileError naming the file and field at fault */
export function openWeights(checkpoint: string): TensorSource {
  const path = weightsPath(checkpoint);
  if (path === checkpoint) return openGguf(checkpoint).weights;
  return path.endsWith(indexFile) ? openShardedSafetensors(path) : openSafetensors(path);
}

/** The file that says where every tensor is. Where a folder has both, the whole file wins, as in transformers. */
export function weightsPath(checkpoint: string): string {
  if (isFile(checkpoint)) return checkpoint;
  const [whole, index] = [join(checkpoint, weightsFile), join(checkpoint, indexFile)];
  return isFile(index) && !isFile(whole) ? index : whole;
}

/**
 * The files whose content decides what is built. They need not be there.
 * @throws ModelFileError if an index of weights is not one
 */
export function checkpointFiles(checkpoint: string): readonly string[] {
  const path = weightsPath(checkpoint);
  if (path === checkpoint) return [checkpoint];
  return [join(checkpoint, configFile), path, ...(path.endsWith(indexFile) ? shardPaths(path) : [])];
}

const configFile = 'config.json';
const weightsFile = 'model.safetensors';
const indexFile = 'model.safetensors.index.json';
