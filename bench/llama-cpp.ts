/**
 * `npm run -s parity:llama-cpp -- NODE_LLAMA_CPP`: the GGUFs that the tests write, opened by llama.cpp and by us.
 *
 * The tests hold our reader to transformers, but through a writer of our own: what both misunderstand alike they cannot
 * see. llama.cpp is not a dependency; NODE_LLAMA_CPP is the folder of an installed npm package `node-llama-cpp`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KvCache } from '../src/engine/kv-cache';
import { buildModel, graphFile } from '../src/model/build-model';
import { openOnnxDecoder } from '../src/runtime/onnx-decoder';
import { type GgufValue, ggufBytes, text, texts } from '../test/files/write-gguf';
import {
  ggufOfTinyGpt2,
  ggufOfTinyLlama,
  ggufOfTinyQwen2,
  ggufOfTinyQwen3,
  packF32,
} from '../test/model/gguf-of-fixture';
import { newerGgufs } from '../test/model/gguf-of-newer';
import { readGolden } from '../test/model/golden-checkpoint';

/** The largest difference of a token's probability. What differs is llama.cpp's rounding: to transformers we are nearer. */
const allowed = 3e-3;
/** llama.cpp lets Phi-3 see everything, and this one has a window. */
const placesBeforeWindow: Readonly<Record<string, number>> = { phi3: 8 };

const ggufs = {
  llama: { fixture: 'tiny-llama', make: ggufOfTinyLlama },
  gpt2: { fixture: 'tiny-gpt2', make: ggufOfTinyGpt2 },
  qwen2: { fixture: 'tiny-qwen2', make: ggufOfTinyQwen2 },
  qwen3: { fixture: 'tiny-qwen3', make: ggufOfTinyQwen3 },
  ...newerGgufs,
};

const longFactors = 'rope_factors_long.weight';

async function main(nodeLlamaCpp: string | undefined): Promise<void> {
  if (nodeLlamaCpp === undefined) throw new Error('which folder is node-llama-cpp in?');
  const folder = mkdtempSync(join(tmpdir(), 'sotto-llama-cpp-'));
  try {
    console.log(
      '| architecture | places | largest difference of a probability | of the largest probability |',
    );
    console.log('| --- | ---: | ---: | ---: |');
    for (const [name, { fixture, make }] of Object.entries(ggufs)) {
      const checkpoint = join(process.cwd(), 'test/fixtures', fixture);
      const ids = readGolden(checkpoint).ids.slice(0, placesBeforeWindow[name] ?? 24);
      const parts = make(checkpoint, packF32);
      const metadata = { ...parts.metadata, ...vocabulary(parts.tensors!['token_embd.weight']!.dims[1]!) };
      const tensors = { ...parts.tensors };
      // llama.cpp's smallest context is past the 64 tokens that the short factors are for.
      if (tensors[longFactors]) tensors[longFactors] = tensors['rope_factors_short.weight']!;
      const file = join(folder, 'model.gguf');
      writeFileSync(file, ggufBytes({ metadata, tensors }));
      const ours = await ourProbabilities(file, mkdtempSync(join(folder, 'built-')), ids);
      const theirs = theirProbabilities(nodeLlamaCpp, file, ids);
      const largest = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)));
      const cells = [name, ids.length, largest.toExponential(1), Math.max(...ours).toFixed(3)];
      console.log(`| ${cells.join(' | ')} |`);
      if (!(largest < allowed)) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** llama.cpp opens no file without one. */
function vocabulary(size: number): Record<string, GgufValue> {
  const tokens = Array.from({ length: size }, (_, place) => String.fromCodePoint(0x100 + place));
  return {
    'tokenizer.ggml.model': text('gpt2'),
    'tokenizer.ggml.pre': text('gpt-2'),
    'tokenizer.ggml.tokens': texts(tokens),
    'tokenizer.ggml.token_type': [9, 5, tokens.map(() => 1)],
    'tokenizer.ggml.merges': texts([`${tokens[0]} ${tokens[1]}`]),
  };
}

/** Of each token after each place, one place after another. */
async function ourProbabilities(file: string, out: string, ids: readonly number[]): Promise<number[]> {
  const shape = buildModel(file, out, { bits: 32 });
  const decoder = await openOnnxDecoder(join(out, graphFile), shape, { threads: 1 });
  const logits = await decoder.run(ids, new KvCache(shape), [...ids.keys()]);
  return ids.flatMap((_, place) => {
    const row = [...logits.subarray(place * shape.vocabulary, (place + 1) * shape.vocabulary)];
    const powers = row.map(value => Math.exp(value - Math.max(...row)));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map(power => power / sum);
  });
}

/** In a process of its own: it keeps threads that would not let ours end. */
function theirProbabilities(nodeLlamaCpp: string, file: string, ids: readonly number[]): number[] {
  const entry = pathToFileURL(join(nodeLlamaCpp, 'dist/index.js')).href;
  const script = `
    const { getLlama } = await import(${JSON.stringify(entry)});
    const float32 = { experimentalKvCacheKeyType: 'F32', experimentalKvCacheValueType: 'F32' };
    const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel: 'error' });
    const model = await llama.loadModel({ modelPath: ${JSON.stringify(file)} });
    const context = await model.createContext({ contextSize: 64, ...float32 });
    const wanted = { generateNext: { probabilities: true } };
    const places = await context.getSequence().controlledEvaluate(${JSON.stringify(ids)}.map(id => [id, wanted]));
    const rows = places.map(({ next }) => [...next.probabilities].sort(([a], [b]) => a - b).map(([, p]) => p));
    process.stdout.write(JSON.stringify(rows.flat()), () => process.exit(0));`;
  // A file, because node-llama-cpp starts processes with the arguments of its own.
  writeFileSync(`${file}.mjs`, script);
  return JSON.parse(execFileSync(process.execPath, [`${file}.mjs`], { encoding: 'utf8' }));
}

void main(process.argv[2]);
