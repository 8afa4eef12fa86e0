/** What `model inspect` says of a checkpoint's tokenizer. */
import { openGgufFile } from '../checkpoint/gguf-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import type { ModelSource } from '../checkpoint/model-source';
import { findLayout } from '../prompt/find-layout';
import { findTokenizer } from '../tokenizer/load-tokenizer';
import type { Tokenizer } from '../tokenizer/tokenizer';

type Rows = readonly (readonly [string, string])[];

/** Rows of a table: what, and what it is. A tokenizer that cannot be used is one: the rest is still worth a look. */
export async function describeTokenizer(model: ModelSource): Promise<Rows> {
  try {
    const { name, load } = findTokenizer(model.tokenizerPath);
    const tokenizer = await load();
    return describe(model.kind === 'gguf' ? nameInGguf(model.file) : name, tokenizer);
  } catch (error) {
    if (error instanceof ModelFileError) return [['tokenizer', `none that can be used: ${error.message}`]];
    throw error;
  }
}

function nameInGguf(path: string): string {
  const file = openGgufFile(path);
  file.close();
  const kind = file.metadata.string('tokenizer.ggml.model');
  const pre = file.metadata.string('tokenizer.ggml.pre', { fallback: 'default' });
  return `${kind} (${pre}), in the file`;
}

function describe(name: string, tokenizer: Tokenizer): Rows {
  const { startId, endIds = [] } = tokenizer;
  const start = startId === undefined ? 'no token' : `id ${startId}`;
  const ends = endIds.length === 0 ? 'no token of its own' : `id ${endIds.join(', ')}`;
  return [
    ['tokenizer', `${name}, ${tokenizer.vocabulary} tokens`],
    ['a text', `begins with ${start}, ends with ${ends}`],
    ['fill in the middle', findLayout(tokenizer).name],
  ];
}
