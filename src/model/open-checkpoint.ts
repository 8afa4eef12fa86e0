/**
 * What people have: a Hugging Face folder (`config.json`, `model.safetensors`) or a GGUF file. Either becomes a
 * configuration and tensors in Hugging Face's names, so that an architecture is written once.
 */
import { join } from 'node:path';
import { isFile } from '../files/is-file';
import { JsonFile } from '../files/json-file';
import { openGguf } from './gguf';
import { openSafetensors, type TensorSource } from './safetensors';

/** @throws ModelFileError naming the file and field at fault */
export function readConfig(checkpoint: string): JsonFile {
  if (!isFile(checkpoint)) return JsonFile.read(join(checkpoint, configFile));
  const { config, weights } = openGguf(checkpoint);
  weights.close();
  return config;
}

/** @throws ModelFileError naming the file and field at fault */
export function openWeights(checkpoint: string): TensorSource {
  return isFile(checkpoint) ? openGguf(checkpoint).weights : openSafetensors(join(checkpoint, weightsFile));
}

/** The files whose content decides what is built. They need not be there. */
export function checkpointFiles(checkpoint: string): readonly string[] {
  return isFile(checkpoint) ? [checkpoint] : [join(checkpoint, configFile), join(checkpoint, weightsFile)];
}

const configFile = 'config.json';
const weightsFile = 'model.safetensors';
