/** What `model inspect` says of a checkpoint's tokenizer. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openGgufFile } from '../files/gguf-file';
import { isFile } from '../files/is-file';
import { JsonFile } from '../files/json-file';
import { ModelFileError } from '../files/model-file-error';
import { findLayout } from '../prompt/find-layout';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import type { Tokenizer } from '../tokenizer/tokenizer';

type Rows = readonly (readonly [string, string])[];

/** Rows of a table: what, and what it is. @throws ModelFileError */
export async function describeTokenizer(path: string): Promise<Rows> {
  if (isFile(path)) return describeGguf(path);
  const json = join(path, 'tokenizer.json');
  if (existsSync(json))
    return [['tokenizer', `${JsonFile.read(json).object('model').string('type')}, in tokenizer.json`]];
  if (existsSync(join(path, 'vocab.json'))) return withLayout('vocab.json', await loadTokenizer(path));
  return [['tokenizer', 'none']];
}

async function describeGguf(path: string): Promise<Rows> {
  const file = openGgufFile(path);
  file.close();
  const { metadata } = file;
  if (!metadata.has('tokenizer.ggml.model')) return [['tokenizer', 'none']];
  const kind = metadata.string('tokenizer.ggml.model');
  const pre = metadata.string('tokenizer.ggml.pre', { fallback: 'default' });
  const name = `${kind} (${pre}), in the file`;
  try {
    return withLayout(name, await loadTokenizer(path));
  } catch (error) {
    // The rest of the file is still worth a look.
    if (error instanceof ModelFileError)
      return [['tokenizer', `${name}, which cannot be used: ${error.message}`]];
    throw error;
  }
}

function withLayout(name: string, tokenizer: Tokenizer): Rows {
  return [
    ['tokenizer', `${name}, ${tokenizer.vocabulary} tokens`],
    ['fill in the middle', findLayout(tokenizer).name],
  ];
}
