/** Opens the tokenizer of a model's folder. p50k's table is only evaluated when a model that uses it is opened. */
import { join } from 'node:path';
import { isFile } from '../files/is-file';
import { isNumber, isString, JsonFile } from '../files/json-file';
import { ModelFileError } from '../files/model-file-error';
import { createP50kTokenizer } from './p50k';
import type { Tokenizer } from './tokenizer';

/**
 * @param model a GGUF file, or a folder with a `vocab.json` of `base`, `special` and `kept`
 * @throws ModelFileError if it is missing or not consistent
 */
export async function loadTokenizer(model: string): Promise<Tokenizer> {
  if (isFile(model)) {
    const { loadGgufTokenizer } = await import('./gguf-tokenizer');
    return loadGgufTokenizer(model);
  }
  const path = join(model, 'vocab.json');
  const json = JsonFile.read(path);
  json.string('base', { oneOf: ['p50k_base'] });
  const special = json.array('special', isString, 'a list of names');
  const kept = json.array('kept', isNumber, 'a list of ranks');
  const { default: ranks } = await import('gpt-tokenizer/bpeRanks/p50k_base');
  try {
    return createP50kTokenizer({ special, kept }, ranks);
  } catch (error) {
    if (error instanceof RangeError) throw new ModelFileError(path, 'kept', error.message);
    throw error;
  }
}
