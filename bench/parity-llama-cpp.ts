/**
 * `npm run -s parity:llama-cpp`: the GGUF files that the tests write, opened by llama.cpp and by Sotto.
 *
 * The tests compare our GGUF reader with transformers, but with files of our own writer. A mistake that reader and writer
 * share shows only here.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel, graphFile } from '../src/model/build-model';
import { openOnnxDecoder } from '../src/onnx/onnx-decoder';
import { checkpointAt } from '../test/checkpoint/checkpoint-at';
import {
  ggufOfTinyGpt2,
  ggufOfTinyLlama,
  ggufOfTinyQwen2,
  ggufOfTinyQwen3,
  packF32,
} from '../test/checkpoint/gguf-of-fixture';
import { newerGgufs } from '../test/checkpoint/gguf-of-newer';
import { type GgufValue, ggufBytes, text, texts } from '../test/checkpoint/write-gguf';
import { readGolden } from '../test/model/golden-checkpoint';
import { openLlama } from './rivals/llama';

/** Largest difference of a token's probability that we accept. llama.cpp rounds; we are nearer to transformers. */
const allowed = 3e-3;
/** Tokens before the sliding window matters: llama.cpp ignores that of Phi-3. */
const placesBeforeWindow: Readonly<Record<string, number>> = { phi3: 8 };

const ggufs = {
  llama: { fixture: 'tiny-llama', make: ggufOfTinyLlama },
  gpt2: { fixture: 'tiny-gpt2', make: ggufOfTinyGpt2 },
  qwen2: { fixture: 'tiny-qwen2', make: ggufOfTinyQwen2 },
  qwen3: { fixture: 'tiny-qwen3', make: ggufOfTinyQwen3 },
  ...newerGgufs,
};

const longFactors = 'rope_factors_long.weight';

async function main(): Promise<void> {
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
      // llama.cpp takes the long factors, because its smallest context is longer than 64 tokens. We take the short ones.
      if (tensors[longFactors]) tensors[longFactors] = tensors['rope_factors_short.weight']!;
      const file = join(folder, 'model.gguf');
      writeFileSync(file, ggufBytes({ metadata, tensors }));
      const ours = await ourProbabilities(file, mkdtempSync(join(folder, 'built-')), ids);
      const theirs = await theirProbabilities(file, ids, ours.length / ids.length);
      const largest = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)));
      const cells = [name, ids.length, largest.toExponential(1), Math.max(...ours).toFixed(3)];
      console.log(`| ${cells.join(' | ')} |`);
      if (!(largest < allowed)) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** llama.cpp opens no file without a vocabulary. */
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

/** @returns the probability of each token of the vocabulary after each of `ids`, place by place */
async function ourProbabilities(file: string, out: string, ids: readonly number[]): Promise<number[]> {
  const shape = buildModel(checkpointAt(file), out, { bits: 32 });
  const decoder = await openOnnxDecoder(join(out, graphFile), shape, { threads: 1 });
  const logits = await decoder.run(ids, decoder.createCache(), [...ids.keys()]);
  return ids.flatMap((_, place) => {
    const row = [...logits.subarray(place * shape.vocabulary, (place + 1) * shape.vocabulary)];
    const powers = row.map(value => Math.exp(value - Math.max(...row)));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map(power => power / sum);
  });
}

async function theirProbabilities(
  file: string,
  ids: readonly number[],
  vocabulary: number,
): Promise<number[]> {
  const llama = await openLlama(process.cwd(), file, { threads: 1, contextSize: 64, cacheType: 'F32' });
  try {
    const every = Array.from({ length: vocabulary }, (_, id) => id);
    const { answers } = await llama.evaluate(
      ids,
      0,
      ids.map((_, at) => ({ at, ids: every })),
    );
    return answers.flatMap(({ logProbs }) => logProbs.map(Math.exp));
  } finally {
    llama.close();
  }
}

void main();
