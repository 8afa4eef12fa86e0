/**
 * Reads `vocab.json` and `merges.txt`, the two files that GPT-2 was published with, as if they were a `tokenizer.json`.
 * They do not say how a text is cut into pre-tokens. For the model families below we know it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../checkpoint/byte-file';
import { JsonFile } from '../checkpoint/json-file';

/** The families by their `model_type`, and the model whose way to cut texts they share. */
const families = {
  gpt2: 'gpt2',
  gpt_neo: 'gpt2',
  gptj: 'gpt2',
  codegen: 'gpt2',
  phi: 'gpt2',
  qwen2: 'qwen2',
  qwen3: 'qwen2',
} as const;

/** @throws ModelFileError */
export function readVocabMerges(folder: string): JsonFile {
  const config = JsonFile.read(join(folder, 'config.json'));
  const names = Object.keys(families) as (keyof typeof families)[];
  const family = families[config.string('model_type', { oneOf: names })];
  const vocab = JsonFile.read(join(folder, 'vocab.json'));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, use_regex: family === 'gpt2' };
  const qwen2 = { type: 'Split', pattern: { Regex: qwen2Words }, behavior: 'Isolated', invert: false };
  return JsonFile.of(vocab.path, {
    added_tokens: readAddedTokens(folder, vocab),
    normalizer: family === 'qwen2' ? { type: 'NFC' } : null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: family === 'qwen2' ? [qwen2, byteLevel] : [byteLevel],
    },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(vocab.keys().map(key => [key, vocab.unknown(key)])),
      merges: readMerges(join(folder, 'merges.txt')),
    },
  });
}

const qwen2Words = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** GPT-2's own special token, and the tokens of `added_tokens.json`. */
function readAddedTokens(folder: string, vocab: JsonFile): object[] {
  const path = join(folder, 'added_tokens.json');
  const added = existsSync(path) ? JsonFile.read(path) : undefined;
  const names = added?.keys() ?? [];
  const end = '<|endoftext|>';
  const own =
    vocab.has(end) && !names.includes(end) ? [{ content: end, id: vocab.unknown(end), special: true }] : [];
  return [...own, ...names.map(content => ({ content, id: added?.unknown(content), normalized: false }))];
}

function readMerges(path: string): string[] {
  return readTextFile(path, 'list of merges')
    .split(/\r?\n/)
    .filter(line => line !== '' && !line.startsWith('#version'));
}
