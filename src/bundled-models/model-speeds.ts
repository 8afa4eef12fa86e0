/**
 * How fast a model is on this machine: measured once through the engine, and kept in a file beside the graph cache. A
 * figure belongs to a processor, a number of threads, a build of the engine and the files of a model.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { ModelSource } from '../checkpoint/model-source';
import { checkpointFiles } from '../checkpoint/open-checkpoint';
import { type Engine, type GenerateEvent, greedy } from '../generation/engine';
import { latestMs, type Speed, suggestionMs } from './choose-bundled-model';

/** What a figure belongs to. */
export interface SpeedOf {
  readonly modelSource: ModelSource;
  readonly threads: number;
  /** The bundled `engine.js`. */
  readonly entry: string;
}

export interface SpeedStore {
  find(of: SpeedOf): Speed | undefined;
  /** Nothing is kept if the file cannot be written: the next start measures again. */
  keep(of: SpeedOf, speed: Speed): void;
}

/** Tokens that are read and written in one round. */
const round = { reads: 64, writes: 9 };
/** The best of so many rounds counts: other work can only slow a round down. */
const maxRounds = 4;
/** No round begins later. */
const longestMs = 700;

/**
 * Measures in the engine's process, at its low priority. The prompts are noise: time does not depend on what they say.
 * @returns undefined if a newer request, or the end of the process, has stopped it
 */
export async function measureSpeed(engine: Engine, signal: AbortSignal): Promise<Speed | undefined> {
  let best: Speed | undefined;
  const start = performance.now();
  for (let number = 0; number < maxRounds && performance.now() - start < longestMs; number++) {
    const speed = await measureRound(engine, number, signal);
    if (speed === undefined) return best;
    best = {
      reads: Math.max(speed.reads, best?.reads ?? 0),
      writes: Math.max(speed.writes, best?.writes ?? 0),
    };
  }
  return best;
}

async function measureRound(engine: Engine, number: number, signal: AbortSignal): Promise<Speed | undefined> {
  // Every vocabulary has these ids. Each round begins with another one, so the cache serves none of its tokens.
  const ids = Array.from({ length: round.reads }, (_, index) => 5 + (((index + number) * 37) % 83));
  const stopping = { endIds: [], lastIds: [], maxTokens: round.writes, maxMs: 10_000 };
  let prefill: Extract<GenerateEvent, { type: 'prefill' }> | undefined;
  let tokens = 0;
  for await (const event of engine.generate({ ids, sampling: greedy, stopping }, signal)) {
    if (event.type === 'prefill') prefill = event;
    else if (event.type === 'token') tokens++;
    else if (prefill !== undefined && event.reason === 'max-tokens')
      // The first token comes from the logits of the prompt.
      return {
        reads: (1000 * prefill.computed) / prefill.ms,
        writes: (1000 * (tokens - 1)) / (event.ms - prefill.ms),
      };
  }
  return undefined;
}

/** @param graphsFolder where built graphs are kept; the file is beside it */
export function openSpeedStore(graphsFolder: string, now: () => number = Date.now): SpeedStore {
  const path = join(dirname(graphsFolder), 'speeds.json');
  return {
    find(of) {
      const kept = readKept(path)[keyOf(of)];
      if (!isSpeed(kept)) return undefined;
      // The machine may have been busy. A figure that rules the model out counts for a day.
      const isLate = suggestionMs(kept) > latestMs;
      return isLate && now() - kept.at > dayMs ? undefined : { reads: kept.reads, writes: kept.writes };
    },
    keep(of, speed) {
      const entries = Object.entries({ ...readKept(path), [keyOf(of)]: { ...speed, at: now() } });
      const unfinished = `${path}.${process.pid}`;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(
          unfinished,
          `${JSON.stringify(Object.fromEntries(entries.slice(-maxKept)), null, 1)}\n`,
        );
        renameSync(unfinished, path);
      } catch {
        rmSync(unfinished, { force: true });
      }
    },
  };
}

const dayMs = 24 * 60 * 60 * 1000;
/** Each new version of Sotto adds one. */
const maxKept = 20;

interface Kept extends Speed {
  /** When it was measured, in milliseconds since 1970. */
  readonly at: number;
}

function isSpeed(value: unknown): value is Kept {
  const kept: Partial<Record<keyof Kept, unknown>> = Object(value);
  return [kept.reads, kept.writes, kept.at].every(value => typeof value === 'number' && value > 0);
}

/** @returns nothing if there is no such file, or if it is damaged */
function readKept(path: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}

function keyOf({ modelSource, threads, entry }: SpeedOf): string {
  const files = modelSource.kind === 'onnx-export' ? [modelSource.file] : checkpointFiles(modelSource);
  const stamp = (path: string) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return [stats?.size, stats?.mtimeMs];
  };
  const machine = [cpus()[0]?.model, availableParallelism(), process.arch, threads];
  const facts = JSON.stringify([...machine, ...files.map(stamp)]);
  // A build in a checkout writes the same file again, so its time says nothing.
  return createHash('sha256').update(facts).update(readFileSync(entry)).digest('hex').slice(0, 16);
}
