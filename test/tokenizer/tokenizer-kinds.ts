/** Every kind of tokenizer that a checkpoint may have, and the reference that it is compared with. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ranks from 'gpt-tokenizer/bpeRanks/p50k_base';
import { isNumber, isString, JsonFile } from '../../src/checkpoint/json-file';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer';
import { rankBytes } from '../../src/tokenizer/openai-tokenizer';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import type { ReferenceRequest } from './reference';
import { writeWayToCut } from './ways-to-cut';

export interface TokenizerKind {
  readonly name: string;
  readonly load: () => Promise<Tokenizer>;
  readonly request: ReferenceRequest;
  /** Not every text comes back from its ids: some bytes have no token, or added tokens get spaces. */
  readonly isLossy?: boolean;
}

/** @param scratch an empty folder for files that the reference reads */
export function tokenizerKinds(root: string, scratch: string, gguf?: string): readonly TokenizerKind[] {
  const fixtures = join(root, 'test/fixtures');
  const inFolder = (folder: string) => readdirSync(folder).sort();
  return [
    ...['r50k_base', 'p50k_base', 'p50k_edit'].map(name => openai(name, scratch)),
    bundled(join(root, 'models/sotto-starter'), scratch),
    ...inFolder(join(fixtures, 'tokenizers'))
      .filter(name => existsSync(join(fixtures, 'tokenizers', name, 'tokenizer.json')))
      .map(name => tokenizerJson(name, join(fixtures, 'tokenizers', name))),
    ...inFolder(join(fixtures, 'gguf'))
      .filter(name => name.endsWith('.gguf'))
      .map(name => inGguf(name, join(fixtures, 'gguf', name))),
    ...waysToCut(join(fixtures, 'gguf/tokens.json')).map(name =>
      inGguf(
        `cut as ${name}`,
        writeWayToCut(join(fixtures, 'gguf/ways-to-cut.gguf'), join(scratch, `${name}.gguf`), name),
      ),
    ),
    ...(gguf === undefined ? [] : [{ ...inGguf('the one given', gguf), isLossy: true }]),
  ];
}

/** A whole vocabulary of OpenAI, as a folder asks for it by its name alone. */
function openai(name: string, scratch: string): TokenizerKind {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'vocab.json'), JSON.stringify({ base: name }));
  const tokens = [...ranks.entries()].filter(([rank]) => name !== 'r50k_base' || rank < 50_256);
  const path = writeRanks(join(folder, 'ranks.tiktoken'), tokens);
  return {
    name: `OpenAI, ${name}`,
    load: () => loadTokenizer(folder),
    request: { reference: 'tiktoken', path },
  };
}

function bundled(folder: string, scratch: string): TokenizerKind {
  const json = JsonFile.read(join(folder, 'vocab.json'));
  const first = json.array('special', isString, 'names').length;
  const kept = json.array('kept', isNumber, 'ranks');
  // The ranks ascend, so merging by id has the same order as merging by rank.
  const tokens = kept.map((rank, index) => [first + index, ranks[rank]] as const);
  const path = writeRanks(join(scratch, 'bundled.tiktoken'), tokens);
  return {
    name: 'p50k pruned, the bundled model',
    load: () => loadTokenizer(folder),
    request: { reference: 'sotto', path },
  };
}

function writeRanks(
  path: string,
  tokens: readonly (readonly [number, string | readonly number[] | undefined])[],
): string {
  const lines = tokens
    .filter(([, token]) => token !== undefined)
    .map(([rank, token]) => `${Buffer.from(rankBytes(token!)).toString('base64')} ${rank}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}

function tokenizerJson(name: string, folder: string): TokenizerKind {
  const path = join(folder, 'tokenizer.json');
  const names = JsonFile.read(path)
    .objects('added_tokens')
    .map(token => ({ content: token.string('content'), isSpecial: token.boolean('special', false) }));
  // Qwen and DeepSeek call their marks ordinary tokens.
  const marks = names.filter(({ content, isSpecial }) => isSpecial || /[|｜]>$/.test(content));
  return {
    name: `tokenizer.json, ${name}`,
    load: () => loadTokenizer(folder),
    request: { reference: 'tokenizers', path, marks: marks.map(({ content }) => content) },
    isLossy: ['smollm2', 'llama-2-added', 'metaspace'].includes(name),
  };
}

/** One name for each way to cut a text. */
function waysToCut(path: string): readonly string[] {
  return JsonFile.read(path).object('ways').keys();
}

function inGguf(name: string, path: string): TokenizerKind {
  const reference = name.startsWith('sentence-piece') ? 'sentencepiece' : 'gguf';
  return { name: `GGUF, ${name}`, load: () => loadTokenizer(path), request: { reference, path } };
}
