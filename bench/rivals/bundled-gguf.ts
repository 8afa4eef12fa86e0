/** The bundled model as a GGUF file, for llama.cpp: made on first use by train/, whose Python is `python3` or PYTHON. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const model = 'models/sotto-starter';
/** As many bits a weight as ours has (`weightBits` in its sotto.json). */
const type = 'q8_0';

/** @param root of this repository @throws Error that says what Python lacks */
export function bundledGguf(root: string): string {
  const file = join(root, `.cache/sotto-starter-${type}.gguf`);
  const weights = join(root, model, 'model.safetensors');
  if (existsSync(file) && statSync(file).mtimeMs > statSync(weights).mtimeMs) return file;
  mkdirSync(join(root, '.cache'), { recursive: true });
  const python = process.env['PYTHON'] ?? 'python3';
  const half = `${file}.${process.pid}`;
  const args = ['-m', 'sotto_train.export_gguf', join(root, model), half, '--type', type];
  const { status, stderr, error } = spawnSync(python, args, { cwd: join(root, 'train'), encoding: 'utf8' });
  if (status !== 0) {
    const why = error?.message ?? stderr.trim().split('\n').at(-1);
    throw new Error(`${python}: cannot make a GGUF file (${why}); it needs train/requirements.txt`);
  }
  renameSync(half, file);
  return file;
}
