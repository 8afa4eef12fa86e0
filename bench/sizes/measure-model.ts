/** Measures an import, or a model that runs. A peak is that of the whole process, so each needs a process of its own. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { openWeights } from '../../src/checkpoint/open-checkpoint';
import { buildModel, graphFile } from '../../src/model/build-model';
import { readShape } from '../../src/model/inspect-checkpoint';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../../test/checkpoint/checkpoint-at';
import { median } from '../measure/tables';
import { createTimedGeneration } from '../measure/timed-generation';
import { elementsOf } from './random-checkpoint';

export interface ImportMeasures {
  readonly seconds: number;
  readonly peakBytes: number;
  /** What an import may take: the process before it, the largest tensor twice as float32, and the tensor's blocks. */
  readonly limitBytes: number;
  readonly graphBytes: number;
}

export interface RunMeasures {
  readonly openSeconds: number;
  readonly residentBytes: number;
  /** Tokens a second. */
  readonly prefill64: number;
  readonly prefill256: number;
  readonly decode: number;
}

const contextLength = 512;
const repetitions = 3;
const decodedTokens = 17;

/** @param out an existing, empty folder */
export function measureImport(checkpoint: string, out: string, bits: 4 | 8): ImportMeasures {
  const largest = largestTensor(checkpoint);
  const before = process.memoryUsage().rss;
  const start = performance.now();
  buildModel(checkpointAt(checkpoint), out, { bits });
  const seconds = (performance.now() - start) / 1000;
  return {
    seconds,
    // maxRSS is in kilobytes.
    peakBytes: process.resourceUsage().maxRSS * 1024,
    // A block of 32 has a scale of four bytes.
    limitBytes: before + largest * (2 * 4 + bits / 8 + 4 / 32),
    graphBytes: readdirSync(out).reduce((sum, name) => sum + statSync(join(out, name)).size, 0),
  };
}

/** @returns its number of elements */
function largestTensor(checkpoint: string): number {
  const weights = openWeights(checkpointAt(checkpoint));
  try {
    return Math.max(...weights.names.map(name => elementsOf(weights.shape(name))));
  } finally {
    weights.close();
  }
}

/** @param out the folder of a built graph */
export async function measureRun(checkpoint: string, out: string, threads: number): Promise<RunMeasures> {
  const start = performance.now();
  const sizes = { ...readShape(resolveModelSource(checkpoint)), contextLength };
  const decoder = await openOnnxDecoder(join(out, graphFile), sizes, { threads });
  const openSeconds = (performance.now() - start) / 1000;
  const generate = await createTimedGeneration(decoder, sizes);
  // Each prompt begins with another token, so that the cache serves nothing of it.
  let prompts = 0;
  const run = (length: number, maxTokens: number) => {
    prompts++;
    const ids = Array.from({ length }, (_, i) => (prompts + i * 7919) % sizes.vocabulary);
    return generate(ids, maxTokens);
  };
  const short = await repeat(() => run(64, 1));
  const long = await repeat(() => run(256, decodedTokens));
  return {
    openSeconds,
    residentBytes: process.memoryUsage().rss,
    prefill64: 64_000 / median(short.map(({ prefillMs }) => prefillMs)),
    prefill256: 256_000 / median(long.map(({ prefillMs }) => prefillMs)),
    // The first new token comes from the prefill's logits, and is not counted.
    decode: (1000 * (decodedTokens - 1)) / median(long.map(({ decodeMs }) => decodeMs)),
  };
}

async function repeat<Result>(measure: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < repetitions; i++) results.push(await measure());
  return results;
}
