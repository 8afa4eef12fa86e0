/**
 * Opens damaged model files and reads them completely. A reader must return the content or throw a `ModelFileError`.
 * It must throw no other error, take at most a second, and allocate at most a multiple of the file's size.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonFile } from '../../src/checkpoint/json-file';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { checkpointFiles, openWeights } from '../../src/checkpoint/open-checkpoint';
import type { TensorSource } from '../../src/checkpoint/tensor-source';
import { readShape } from '../../src/model/inspect-checkpoint';
import { readCheckpointFacts } from '../../src/tokenizer/checkpoint-facts';
import { loadGgufTokenizer } from '../../src/tokenizer/gguf-tokenizer';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { createFromTokenizerJson } from '../../src/tokenizer/tokenizer-json';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { ggufOfTinyLlama, packQ4_1 } from '../checkpoint/gguf-of-fixture';
import { ggufBytes, text, texts, uint32 } from '../checkpoint/write-gguf';
import { writeSafetensors } from '../checkpoint/write-safetensors';
import { createRandom } from '../random';
import { thrownBy } from '../thrown-by';
import { mutate } from './mutate';
import { type AllocationWatch, watchAllocations } from './watch-allocations';

/** In memory, if the system has such a folder: a disk needs twenty times longer to write a file than we to read it. */
export const fuzzParent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export interface FuzzTarget {
  readonly name: string;
  /** An undamaged file. */
  readonly bytes: Uint8Array;
  /** Length of its header. */
  readonly headerBytes: number;
  /** Texts that mean something to the reader. */
  readonly tokens: readonly string[];
  /** The path of the file in a checkpoint's folder. */
  readonly path: string;
  readonly read: () => void;
}

export interface FuzzResult {
  readonly mutants: number;
  /** How many were refused. The others could be read. */
  readonly refused: number;
  readonly slowestMs: number;
}

/** A reader may allocate this many times the file's size at once, plus a table or buffer of fixed size, in bytes. */
const allocationFactor = 16;
const allocationBase = 1 << 21;

/** Damages the file `mutants` times and reads it. @throws Error that names target, seed and index if a reader fails */
export function fuzz(target: FuzzTarget, mutants: number, seed: number): FuzzResult {
  let refused = 0;
  let slowestMs = 0;
  const watch = watchAllocations();
  try {
    for (let index = 0; index < mutants; index++) {
      const random = createRandom(seed + Math.imul(index, 0x9e3779b1));
      const mutant = mutate(target.bytes, target.headerBytes, random, target.tokens);
      writeFileSync(target.path, mutant);
      const { isRefused, ms } = check(
        target,
        mutant.length,
        watch,
        `${target.name}, seed ${seed}, mutant ${index}`,
      );
      if (isRefused) refused++;
      slowestMs = Math.max(slowestMs, ms);
    }
  } finally {
    watch.stop();
  }
  return { mutants, refused, slowestMs };
}

function check(
  target: FuzzTarget,
  length: number,
  watch: AllocationWatch,
  where: string,
): { readonly isRefused: boolean; readonly ms: number } {
  watch.takeLargest();
  const start = performance.now();
  const error = thrownBy(target.read);
  const ms = performance.now() - start;
  const largest = watch.takeLargest();
  if (error !== undefined && !isOneLineFault(error)) throw new Error(where, { cause: error });
  if (ms > 1000) throw new Error(`${where}: took ${Math.round(ms)} ms`);
  if (largest > length * allocationFactor + allocationBase)
    throw new Error(`${where}: allocated ${largest} bytes for a file of ${length}`);
  return { isRefused: error !== undefined, ms };
}

function isOneLineFault(error: unknown): boolean {
  return error instanceof ModelFileError && !/[\r\n]/.test(error.message) && error.message.length < 2000;
}

/**
 * The readers, each with a file to damage.
 * @param folder an empty folder, where the files are written
 */
export function fuzzTargets(folder: string, fixtures: string): readonly FuzzTarget[] {
  const tinyLlama = join(fixtures, 'tiny-llama');
  const config = readFileSync(join(tinyLlama, 'config.json'));
  const folderOf = (name: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'config.json'), config);
    return join(folder, name);
  };
  const [weights, configuration] = [folderOf('weights'), folderOf('configuration')];
  const sharded = folderOf('sharded');
  const tokenizer = folderOf('tokenizer');
  const gguf = join(folder, 'model.gguf');
  const ggufFile = smallGguf(tinyLlama);
  writeFileSync(gguf, ggufFile);
  const safetensors = smallSafetensors(join(weights, 'model.safetensors'));
  const index = smallShards(sharded);
  const vocabulary = Buffer.from(JSON.stringify(smallTokenizer));
  writeFileSync(join(tokenizer, 'tokenizer.json'), vocabulary);
  const json = [...'{}[]",:', ...'-1 1e999 1e300 0.5 null true'.split(' '), '9'.repeat(30)];
  return [
    {
      name: 'GGUF',
      bytes: ggufFile,
      headerBytes: 3000,
      tokens: 'llama gpt2 smollm deepseek-coder scores __proto__ gemma phi3 .weight blk.0. GGUF'.split(' '),
      path: gguf,
      read: () => readCheckpoint(gguf),
    },
    {
      name: 'safetensors',
      bytes: safetensors,
      headerBytes: Buffer.from(safetensors).readUInt32LE(0) + 8,
      tokens: [...json, '"F32"', '"BF16"', '"shape":[', '"data_offsets":[', '__metadata__', '__proto__'],
      path: join(weights, 'model.safetensors'),
      read: () => readAll(openWeights(checkpointAt(weights))),
    },
    {
      name: 'index',
      bytes: index,
      headerBytes: index.length,
      tokens: [...json, '"weight_map":', '"../x"', '"a.safetensors"', '"b.safetensors"', '"__proto__":'],
      path: join(sharded, 'model.safetensors.index.json'),
      read: () => readSharded(sharded),
    },
    {
      name: 'config.json',
      bytes: config,
      headerBytes: config.length,
      tokens: [...json, '"gpt2"', '"llama"', '"num_attention_heads":', '"rope_scaling":', '"head_dim":'],
      path: join(configuration, 'config.json'),
      read: () => void readShape(resolveModelSource(configuration)),
    },
    {
      name: 'tokenizer.json',
      bytes: vocabulary,
      headerBytes: vocabulary.length,
      tokens: [
        ...json,
        ...'"BPE" "Unigram" "Metaspace" "ByteLevel" "Split" "Sequence" "NFC" "Prepend"'.split(' '),
        ...'"Regex": "added_tokens": "merges": "vocab": "special": "type": __proto__ ▁'.split(' '),
        ...'"(a+)+$" \\s+ <0x00> <|end|> "id":4 "content":'.split(' '),
      ],
      path: join(tokenizer, 'tokenizer.json'),
      read: () =>
        readTokenizer(
          createFromTokenizerJson(
            JsonFile.read(join(tokenizer, 'tokenizer.json')),
            readCheckpointFacts(tokenizer),
          ),
        ),
    },
  ];
}

function readCheckpoint(path: string): void {
  readAll(openWeights(checkpointAt(path)));
  readShape(resolveModelSource(path));
  readTokenizer(loadGgufTokenizer(path));
}

function readTokenizer(tokenizer: Tokenizer): void {
  for (let id = 0; id < tokenizer.vocabulary; id++) tokenizer.bytes(id);
  tokenizer.encode('ab a\n  <|end|> 12é');
}

function readSharded(folder: string): void {
  checkpointFiles(checkpointAt(folder));
  readAll(openWeights(checkpointAt(folder)));
}

function readAll(source: TensorSource): void {
  try {
    for (const name of source.names) {
      const shape = source.shape(name);
      source.read(name, shape);
      if (shape.length === 2) source.readBlocks?.(name, shape[0]!, shape[1]!);
    }
  } finally {
    source.close();
  }
}

const split = {
  type: 'Split',
  pattern: { Regex: String.raw`[\r\n]` },
  behavior: 'Isolated',
  invert: false,
};

const smallTokenizer = {
  added_tokens: [
    { id: 4, content: '<|end|>', special: true },
    { id: 5, content: '  ', normalized: true, special: false },
  ],
  normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }] },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      split,
      { type: 'Digits', individual_digits: true },
      { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    ],
  },
  post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<|end|>' } }] },
  model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2, Ġ: 3 }, merges: ['a b'] },
};

/** Part of one layer of the tiny LLaMA, and a vocabulary: so small that a mutant takes less than a millisecond. */
function smallGguf(tinyLlama: string): Uint8Array {
  const { metadata, tensors } = ggufOfTinyLlama(tinyLlama, packQ4_1);
  const kept = Object.entries(tensors!).filter(
    ([name]) => /norm|^blk\.0\.attn_[qk]/.test(name) || name === 'token_embd.weight',
  );
  return ggufBytes({
    metadata: {
      ...metadata,
      'tokenizer.ggml.model': text('gpt2'),
      'tokenizer.ggml.pre': text('qwen2'),
      'tokenizer.ggml.tokens': texts(['a', 'b', 'ab', '<s>']),
      'tokenizer.ggml.token_type': [9, 5, [1, 1, 1, 3]],
      'tokenizer.ggml.scores': [9, 6, [0, -1, -2, 0]],
      'tokenizer.ggml.merges': texts(['a b']),
      'tokenizer.ggml.bos_token_id': uint32(3),
    },
    tensors: Object.fromEntries(kept),
  });
}

/** Two safetensors files and their index. @returns the bytes of the index */
function smallShards(folder: string): Uint8Array {
  const tensor = { shape: [4], data: new Float32Array(4) };
  writeSafetensors(join(folder, 'a.safetensors'), { 'model.norm.weight': tensor, 'lm_head.weight': tensor });
  writeSafetensors(join(folder, 'b.safetensors'), { 'model.embed_tokens.weight': tensor });
  const weight_map = {
    'model.norm.weight': 'a.safetensors',
    'lm_head.weight': 'a.safetensors',
    'model.embed_tokens.weight': 'b.safetensors',
  };
  const path = join(folder, 'model.safetensors.index.json');
  writeFileSync(path, JSON.stringify({ metadata: { total_size: 48 }, weight_map }));
  return readFileSync(path);
}

function smallSafetensors(path: string): Uint8Array {
  writeSafetensors(path, {
    'model.embed_tokens.weight': { shape: [4, 8], data: new Float32Array(32) },
    'model.norm.weight': { shape: [8], data: new Uint16Array(8), dtype: 'BF16' },
  });
  return readFileSync(path);
}
