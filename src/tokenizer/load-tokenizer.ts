/**
 * Opens the tokenizer of a model, from inside a GGUF file or from the files of a folder. The table of p50k and Hugging
 * Face's library are loaded only for a model that needs them. Encodings of the library are remembered (measured by
 * `npm run bench:prompt`); gpt-tokenizer already remembers its own.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from '../checkpoint/byte-file';
import { isNumber, isString, JsonFile } from '../checkpoint/json-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import { readCheckpointFacts } from './checkpoint-facts';
import {
  createOpenaiTokenizer,
  createP50kTokenizer,
  type OpenaiEncoding,
  openaiEncodings,
} from './openai-tokenizer';
import { rememberEncodings, type Tokenizer } from './tokenizer';
import { readVocabMerges } from './vocab-merges';

/**
 * @param model a GGUF file, or a folder
 * @throws ModelFileError if there is no tokenizer, or its files contradict themselves
 */
export async function loadTokenizer(model: string): Promise<Tokenizer> {
  return findTokenizer(model).load();
}

export interface FoundTokenizer {
  /** The file that it comes from, for a report to the user. */
  readonly name: string;
  load(): Promise<Tokenizer>;
}

/** Finds the file that holds the tokenizer of a model. @throws ModelFileError if there is none */
export function findTokenizer(model: string): FoundTokenizer {
  if (isFile(model))
    return {
      name: 'in the file',
      load: async () => rememberEncodings((await import('./gguf-tokenizer')).loadGgufTokenizer(model)),
    };
  const has = (name: string) => existsSync(join(model, name));
  if (has('tokenizer.json'))
    return {
      name: 'tokenizer.json',
      load: async () => loadJson(model, JsonFile.read(join(model, 'tokenizer.json'))),
    };
  if (has('vocab.json') && has('merges.txt'))
    return {
      name: 'vocab.json and merges.txt',
      load: async () => loadJson(model, readVocabMerges(model)),
    };
  if (has('tokenizer.model'))
    throw new ModelFileError(
      join(model, 'tokenizer.model'),
      'file',
      'SentencePiece alone is not read; make a tokenizer.json of it with ' +
        `AutoTokenizer.from_pretrained(folder).save_pretrained(folder) of transformers, or take a GGUF file`,
    );
  if (!has('vocab.json') && isGpt2(model))
    return { name: 'r50k_base, as GPT-2 has', load: () => loadOpenai('r50k_base') };
  return { name: 'vocab.json', load: () => loadOwn(join(model, 'vocab.json')) };
}

async function loadJson(folder: string, json: JsonFile): Promise<Tokenizer> {
  const { createFromTokenizerJson } = await import('./tokenizer-json');
  return rememberEncodings(createFromTokenizerJson(json, readCheckpointFacts(folder)));
}

/** Sotto's own `vocab.json`: a vocabulary of OpenAI, whole or with only the ranks that it lists. */
async function loadOwn(path: string): Promise<Tokenizer> {
  const json = JsonFile.read(path);
  const base = json.string('base', { oneOf: openaiEncodings });
  if (!json.has('special') && !json.has('kept')) return loadOpenai(base);
  json.string('base', { oneOf: ['p50k_base'] });
  const special = json.array('special', isString, 'a list of names');
  const kept = json.array('kept', isNumber, 'a list of ranks');
  try {
    return createP50kTokenizer({ special, kept }, await loadRanks());
  } catch (error) {
    if (error instanceof RangeError) throw new ModelFileError(path, 'kept', error.message);
    throw error;
  }
}

async function loadOpenai(name: OpenaiEncoding): Promise<Tokenizer> {
  return createOpenaiTokenizer(name, await loadRanks());
}

async function loadRanks() {
  const { default: ranks } = await import('gpt-tokenizer/bpeRanks/p50k_base');
  return ranks;
}

/** Whether a checkpoint without a tokenizer has the vocabulary size of GPT-2. GPT-J has some unused rows more. */
function isGpt2(folder: string): boolean {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) return false;
  const config = JsonFile.read(path);
  const size = { gpt2: 50_257, gpt_neo: 50_257, gptj: 50_400 }[String(config.unknown('model_type'))];
  return size !== undefined && config.unknown('vocab_size') === size;
}
