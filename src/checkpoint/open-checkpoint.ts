/**
 * Opens what people have: a Hugging Face folder (`config.json`; `model.safetensors`, or an index of several) or a GGUF
 * file, which may be cut into parts. Either becomes a configuration and tensors in Hugging Face's names, so that an architecture is written once.
 */
import { join } from 'node:path';
import { openGguf } from './gguf';
import { partsOf } from './gguf-parts';
import { JsonFile } from './json-file';
import type { CheckpointSource, ModelSource } from './model-source';
import { openSafetensors } from './safetensors';
import { openShardedSafetensors, shardPaths } from './sharded-safetensors';
import type { TensorSource } from './tensor-source';

/** @throws ModelFileError naming the file and field at fault */
export function readConfig(model: ModelSource): JsonFile {
  if (model.kind !== 'gguf') return JsonFile.read(join(model.folder, configFile));
  const { config, weights } = openGguf(model.file);
  weights.close();
  return config;
}

/** @throws ModelFileError naming the file and field at fault */
export function openWeights(checkpoint: CheckpointSource): TensorSource {
  if (checkpoint.kind === 'gguf') return openGguf(checkpoint.file).weights;
  const { weightsFile } = checkpoint;
  return isIndex(weightsFile) ? openShardedSafetensors(weightsFile) : openSafetensors(weightsFile);
}

/** The file that says where every tensor is. */
export function weightsPath(checkpoint: CheckpointSource): string {
  return checkpoint.kind === 'gguf' ? checkpoint.file : checkpoint.weightsFile;
}

/**
 * The files whose content decides what is built. They need not be there.
 * @throws ModelFileError if an index of weights is not one, or a part of a GGUF file is missing
 */
export function checkpointFiles(checkpoint: CheckpointSource): readonly string[] {
  if (checkpoint.kind === 'gguf') return partsOf(checkpoint.file);
  const { folder, weightsFile } = checkpoint;
  return [join(folder, configFile), weightsFile, ...(isIndex(weightsFile) ? shardPaths(weightsFile) : [])];
}

const configFile = 'config.json';
const isIndex = (weightsFile: string) => weightsFile.endsWith('.index.json');
