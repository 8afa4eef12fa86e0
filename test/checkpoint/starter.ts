/** The small model that ships: a folder with a GGUF file. Also as files that a user may have of a model. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openGguf } from '../../src/checkpoint/gguf';
import { type TestTensor, writeSafetensors } from './write-safetensors';

export const starter = join(__dirname, '../../models/sotto-starter');

/** Its GGUF file, such as a user might choose in the settings. */
export const starterGguf = join(starter, 'sotto-starter.gguf');

/** Writes it as Hugging Face has a model: `config.json`, `model.safetensors` (float32) and its own `vocab.json`. */
export function writeStarterFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const { config, weights } = openGguf(starterGguf);
  const fields = Object.fromEntries(config.keys().map(key => [key, config.unknown(key)]));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(fields));
  const tensors: Record<string, TestTensor> = {};
  for (const name of weights.names) {
    const shape = weights.shape(name);
    tensors[name] = { shape, data: weights.read(name, shape) };
  }
  weights.close();
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  copyFileSync(join(starter, 'vocab.json'), join(folder, 'vocab.json'));
  return folder;
}
