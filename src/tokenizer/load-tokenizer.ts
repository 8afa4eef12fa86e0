/**
 * Opens the tokenizer of a model: a GGUF file's own, or the one that lies in a folder. p50k's table and the library of
 * Hugging Face are only evaluated when a model that uses them is opened. What the library encodes is remembered; the
 * other one remembers by itself (`npm run bench:prompt`).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFile } from '../checkpoint/byte-file';
import { isNumber, isString, JsonFile } from '../checkpoint/json-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import { readCheckpointFacts } from './checkpoint-facts';
import { createOpenaiTokenizer, type OpenaiEncoding, openaiEncodings } from './openai';
import { createP50kTokenizer } from './p50k';
import { rememberEncodings } from './remember-encodings';
import type { Tokenizer } from './tokenizer';
import { readVocabMerges } from './vocab-merges';

/**
 * @param model a GGUF file, or a folder
 * @throws ModelFileError if there is none, or it is not consistent
 */
export async function loadTokenizer(model: string): Promise<Tokenizer> {
  return findTokenizer(model).load();
}

export interface FoundTokenizer {
  /** For people: which file it is from. */
  readonly name: string;
  load(): Promise<Tokenizer>;
}

/** Which of a model's files its tokenizer is in. @throws ModelFileError if none of them is there */
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

/** Sotto's own `vocab.json`: an encoding of OpenAI's, whole or the ranks that are kept. */
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

/** A checkpoint of GPT-2's size without any tokenizer of its own. GPT-J's table is padded. */
function isGpt2(folder: string): boolean {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) return false;
  const config = JsonFile.read(path);
  const size = { gpt2: 50_257, gpt_neo: 50_257, gptj: 50_400 }[String(config.unknown('model_type'))];
  return size !== undefined && config.unknown('vocab_size') === size;
}
