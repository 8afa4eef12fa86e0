/** The bundled model as a GGUF file, for llama.cpp. It has 8 bits a weight, as the extension runs it. */
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ggufOfStarter } from '../../test/checkpoint/gguf-of-starter';

/** Written on first use, and again when the model is newer. @param root of this repository @returns its path */
export function bundledGguf(root: string): string {
  const model = join(root, 'models/sotto-starter');
  const file = join(root, '.cache/sotto-starter-q8_0.gguf');
  if (existsSync(file) && statSync(file).mtimeMs > statSync(join(model, 'model.safetensors')).mtimeMs)
    return file;
  mkdirSync(join(root, '.cache'), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, ggufOfStarter(model));
  renameSync(unfinished, file);
  return file;
}
