/** What `model inspect` says of a checkpoint's tokenizer. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openGgufFile } from '../files/gguf-file';
import { JsonFile } from '../files/json-file';

/** Rows of a table: what, and what it is. @throws ModelFileError */
export async function describeTokenizer(path: string): Promise<readonly (readonly [string, string])[]> {
  if (statSync(path).isFile()) return [['tokenizer', describeGguf(path)]];
  const json = join(path, 'tokenizer.json');
  if (existsSync(json))
    return [['tokenizer', `${JsonFile.read(json).object('model').string('type')}, in tokenizer.json`]];
  if (existsSync(join(path, 'vocab.json'))) return [['tokenizer', 'vocab.json']];
  return [['tokenizer', 'none']];
}

function describeGguf(path: string): string {
  const file = openGgufFile(path);
  file.close();
  const { metadata } = file;
  if (!metadata.has('tokenizer.ggml.model')) return 'none';
  const kind = metadata.string('tokenizer.ggml.model');
  const pre = metadata.string('tokenizer.ggml.pre', { fallback: 'default' });
  return `${kind} (${pre}), in the file`;
}
