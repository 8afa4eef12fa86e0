/**
 * Our engine in a process of its own, called as `llama.ts` calls llama.cpp: token ids in, milliseconds out. The process
 * runs the benchmark's own bundle, with an argument that makes it serve.
 */

import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveModelSource, type WeightBits } from '../../src/checkpoint/model-source';
import { engineEnvironment, engineOptions } from '../../src/engine-process/engine-environment';
import type { Decoder } from '../../src/generation/decoder';
import type { TokenCache } from '../../src/generation/kv-cache';
import { createSpeculation, noSpeculation } from '../../src/generation/speculation';
import { buildModel, graphFile } from '../../src/model/build-model';
import type { DecoderShape } from '../../src/model/decoder-graph';
import { readShape } from '../../src/model/inspect-checkpoint';
import { openOnnxDecoder } from '../../src/onnx/onnx-decoder';
import { checkpointAt } from '../../test/checkpoint/checkpoint-at';
import { createTimedGeneration, type TimedGeneration } from '../measure/timed-generation';
import { buildCopyingGraph, openCopyingDecoder } from './copying-path';

export interface SottoOptions {
  readonly checkpoint: string;
  readonly bits: WeightBits;
  readonly threads: number;
  readonly contextSize: number;
  /** Whether the whole cache is an input and an output of the graph, as in most exports. */
  readonly copies?: boolean;
}

/** 'wrong': as many drafts as there can be, none of them right. 'all checked': the same, and speculation never gives up. */
export type Drafts = 'none' | 'looked up' | 'wrong' | 'all checked';

export interface Sotto {
  /** Keeps the first `from` tokens of the last run, appends `ids`, and writes `count` tokens after them. */
  generate(ids: readonly number[], from: number, count: number, drafts?: Drafts): Promise<TimedGeneration>;
  /** Milliseconds from the start of the process until it is ready. The graph exists already. */
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

/**
 * A benchmark that uses `openSotto` calls this first.
 * @returns true in the forked process, which serves requests and ends with its parent
 */
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
    ? serve(await openCopyingDecoder(path, shape, options), shape)
    : serve(await openOnnxDecoder(path, shape, options), shape);
}

async function serve<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  shape: DecoderShape,
): Promise<Served> {
  // The vocabulary's last token is one of its rarest. Three drafts at most, as in `speculation.ts`.
  const guessWrong = (_: readonly number[], limit: number) =>
    new Array<number>(Math.min(limit, 3)).fill(decoder.sizes.vocabulary - 1);
  const speculations = {
    none: noSpeculation,
    'looked up': createSpeculation(),
    wrong: createSpeculation(guessWrong),
    'all checked': { draft: guessWrong, observe: () => undefined },
  };
  const generate = await createTimedGeneration(decoder, shape);
  let known: readonly number[] = [];
  return {
    memory: () => Promise.resolve(process.memoryUsage.rss()),
    generate(ids, from, count, drafts = 'none') {
      known = [...known.slice(0, from), ...ids];
      return generate(known, count, speculations[drafts]);
    },
  };
}
