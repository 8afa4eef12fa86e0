/** Measures one import or one opened model. Peaks are those of the whole process, so each wants a process of its own. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import { openWeights } from '../../src/checkpoint/open-checkpoint';
import { greedy } from '../../src/generation/engine';
import { generate } from '../../src/generation/generate';
import { buildModel, graphFile, readShape } from '../../src/model/build-model';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../../test/checkpoint/checkpoint-at';
import { median } from '../measure/tables';
import { elementsOf } from './random-checkpoint';

export interface ImportMeasures {
  readonly seconds: number;
  readonly peakBytes: number;
  /** What an import may take: the process as it was before, the largest tensor twice as float32, its blocks. */
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

/** The engine's own (src/engine-process/engine-process.ts). */
const chunkLength = 64;
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

/** In elements. */
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
  const cache = decoder.createCache();
  const parts = {
    decoder,
    cache,
    chunkLength,
    now: () => performance.now(),
    yieldToEvents: () => new Promise<void>(resolve => setImmediate(resolve)),
  };
  const run = async (length: number, maxTokens: number) => {
    cache.rewind(0);
    const ids = Array.from({ length }, (_, i) => (i * 7919) % sizes.vocabulary);
    const stopping = { endIds: [], lastIds: [], maxTokens, maxMs: Number.POSITIVE_INFINITY };
    let prefillMs = 0;
    let totalMs = 0;
    for await (const event of generate(
      parts,
      { ids, sampling: greedy, stopping },
      new AbortController().signal,
    )) {
      if (event.type === 'prefill') prefillMs = event.ms;
      if (event.type === 'end') totalMs = event.ms;
    }
    return { prefillMs, decodeMs: totalMs - prefillMs };
  };

  // The first run allocates what later ones reuse.
  await run(chunkLength, 1);
  const short = await repeat(() => run(64, 1));
  const long = await repeat(() => run(256, decodedTokens));
  return {
    openSeconds,
    residentBytes: process.memoryUsage().rss,
    prefill64: 64_000 / median(short.map(({ prefillMs }) => prefillMs)),
    prefill256: 256_000 / median(long.map(({ prefillMs }) => prefillMs)),
    // The first new token comes from the prefill's logits.
    decode: (1000 * (decodedTokens - 1)) / median(long.map(({ decodeMs }) => decodeMs)),
  };
}

async function repeat<Result>(measure: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < repetitions; i++) results.push(await measure());
  return results;
}
