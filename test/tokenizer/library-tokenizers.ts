/** Tokenizers that use Hugging Face's library, without the cache that `loadTokenizer` puts around them. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from '../../src/checkpoint/byte-file';
import { JsonFile } from '../../src/checkpoint/json-file';
import { readCheckpointFacts } from '../../src/tokenizer/checkpoint-facts';
import { loadGgufTokenizer } from '../../src/tokenizer/gguf-tokenizer';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { createFromTokenizerJson } from '../../src/tokenizer/tokenizer-json';

/** @param model a GGUF file, or a folder with a `tokenizer.json` */
export function openForgetful(model: string): Tokenizer {
  if (isFile(model)) return loadGgufTokenizer(model);
  return createFromTokenizerJson(JsonFile.read(join(model, 'tokenizer.json')), readCheckpointFacts(model));
}

/** Small vocabularies of every kind. */
export function testVocabularies(root: string): string[] {
  const inFolder = (name: string) => {
    const folder = join(root, 'test/fixtures', name);
    return readdirSync(folder).map(entry => join(folder, entry));
  };
  return [
    ...inFolder('tokenizers').filter(folder => existsSync(join(folder, 'tokenizer.json'))),
    ...inFolder('gguf').filter(file => file.endsWith('.gguf')),
  ].sort();
}
