/**
 * Our engine in a process of its own, called as `llama.ts` calls llama.cpp: token ids in, milliseconds out. The process
 * is the benchmark's own bundle, forked with a mark.
 */

import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveModelSource, type WeightBits } from '../../src/checkpoint/model-source';
import { engineEnvironment, engineOptions } from '../../src/engine-process/engine-environment';
import type { Decoder } from '../../src/generation/decoder';
import { greedy } from '../../src/generation/engine';
import { generate } from '../../src/generation/generate';
import type { TokenCache } from '../../src/generation/kv-cache';
import { createSpeculation, noSpeculation } from '../../src/generation/speculation';
import { buildModel, graphFile, readShape } from '../../src/model/build-model';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../../test/checkpoint/checkpoint-at';
import { ownCpuMs } from '../measure/machine';
import { buildCopyingGraph, openCopyingDecoder } from './copying-path';

export interface SottoOptions {
  readonly checkpoint: string;
  readonly bits: WeightBits;
  readonly threads: number;
  readonly contextSize: number;
  /** The cache as an input and an output of the graph, which is how most exports have it. */
  readonly copies?: boolean;
}

export interface Run {
  readonly ids: readonly number[];
  /** From the call to the first new token, and from there to the last. */
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** Of it, the processor time of this process. */
  readonly decodeCpuMs: number;
}

/** 'wrong': as many as there can be, and none of them right. 'all checked': those, and no one learns from it. */
export type Drafts = 'none' | 'looked up' | 'wrong' | 'all checked';

export interface Sotto {
  /** `count` new tokens after the first `from` of what was run before, and `ids`. */
  generate(ids: readonly number[], from: number, count: number, drafts?: Drafts): Promise<Run>;
  /** Milliseconds from starting the process, with the graph built, to its being ready. */
  readonly loadMs: number;
  /** Resident bytes of the process. */
  memory(): Promise<number>;
  close(): void;
}

type Request =
  | { readonly type: 'open'; readonly folder: string; readonly options: SottoOptions }
  | { readonly type: 'generate'; readonly args: Parameters<Sotto['generate']> }
  | { readonly type: 'memory' };

const childMark = '--sotto';

/** To be called first by a benchmark that uses `openSotto`: true in the forked process, which serves and ends by itself. */
export function serveSotto(): boolean {
  if (process.argv[2] !== childMark) return false;
  let sotto: Served | undefined;
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (request: Request) => {
    if (request.type === 'open') {
      sotto = await open(request.folder, request.options);
      process.send?.(true);
    } else if (request.type === 'generate') process.send?.(await sotto!.generate(...request.args));
    else process.send?.(await sotto!.memory());
  });
  return true;
}

export async function openSotto(options: SottoOptions): Promise<Sotto> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    if (options.copies) buildCopyingGraph(options.checkpoint, folder, options.bits);
    else buildModel(checkpointAt(options.checkpoint), folder, { bits: options.bits });
    const start = performance.now();
    const child = fork(process.argv[1]!, [childMark], {
      serialization: 'advanced',
      env: engineEnvironment(),
      execArgv: [...engineOptions],
    });
    const ask = <Answer>(request: Request) =>
      new Promise<Answer>((resolve, reject) => {
        child.once('message', resolve);
        child.once('exit', (code, signal) => reject(new Error(`Sotto's process ended (${code ?? signal})`)));
        child.send(request);
      }).finally(() => child.removeAllListeners('exit'));
    await ask({ type: 'open', folder, options });
    return {
      loadMs: performance.now() - start,
      generate: (...args) => ask({ type: 'generate', args }),
      memory: () => ask({ type: 'memory' }),
      close() {
        child.kill();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

type Served = Pick<Sotto, 'generate' | 'memory'>;

async function open(folder: string, options: SottoOptions): Promise<Served> {
  const shape = { ...readShape(resolveModelSource(options.checkpoint)), contextLength: options.contextSize };
  const path = join(folder, graphFile);
  return options.copies
    ? serve(await openCopyingDecoder(path, shape, options))
    : serve(await openOnnxDecoder(path, shape, options));
}

async function serve<Cache extends TokenCache>(decoder: Decoder<Cache>): Promise<Served> {
  const cache = decoder.createCache();
  const parts = {
    decoder,
    cache,
    now: () => performance.now(),
    yieldToEvents: () => new Promise<void>(resolve => setImmediate(resolve)),
    // As in engine-process.ts.
    chunkLength: 64,
  };
  // The vocabulary's last token is of its rarest. Three at most, as `speculation.ts` has them.
  const guessWrong = (_: readonly number[], limit: number) =>
    new Array<number>(Math.min(limit, 3)).fill(decoder.sizes.vocabulary - 1);
  const speculations = {
    none: noSpeculation,
    'looked up': createSpeculation(),
    wrong: createSpeculation(guessWrong),
    'all checked': { draft: guessWrong, observe: () => undefined },
  };
  await decoder.run([0], cache, [0]);
  let known: readonly number[] = [];
  return {
    memory: () => Promise.resolve(process.memoryUsage.rss()),
    async generate(ids, from, count, drafts = 'none') {
      known = [...known.slice(0, from), ...ids];
      const stopping = { endIds: [], lastIds: [], maxTokens: count, maxMs: Number.POSITIVE_INFINITY };
      const never = new AbortController().signal;
      const request = { ids: known, sampling: greedy, stopping };
      const generated: number[] = [];
      const started = performance.now();
      let first = started;
      let cpuAtFirst = 0;
      for await (const event of generate({ ...parts, speculation: speculations[drafts] }, request, never))
        if (event.type === 'token' && generated.push(event.id) === 1) {
          first = performance.now();
          cpuAtFirst = ownCpuMs();
        }
      const decodeCpuMs = ownCpuMs() - cpuAtFirst;
      return { ids: generated, prefillMs: first - started, decodeMs: performance.now() - first, decodeCpuMs };
    },
  };
}
