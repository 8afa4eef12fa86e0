import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ModelSource, resolveModelSource } from '../../src/checkpoint/model-source';
import {
  createEngineClient,
  type EngineClient,
  type EngineClientOptions,
  type EngineState,
} from '../../src/engine-process/engine-client';
import { type GenerateEvent, type GenerateRequest, greedy } from '../../src/generation/engine';

export const builtEngine = join(__dirname, '../../dist/engine.js');

export interface RecordedEngine {
  readonly engine: EngineClient;
  readonly log: readonly string[];
  readonly states: readonly EngineState[];
  /** Waits until a line of the log matches. Earlier lines count. */
  logged(pattern: RegExp): Promise<void>;
}

/** An engine client whose log and states are recorded. It is shut down when the test is over. */
export function recordEngine(
  options: Pick<EngineClientOptions, 'modelSource' | 'graphsFolder'> & Partial<EngineClientOptions>,
): RecordedEngine {
  const log: string[] = [];
  const states: EngineState[] = [];
  const waiting = new Set<() => void>();
  const engine = createEngineClient({
    entry: builtEngine,
    threads: 1,
    backoffMs: 1,
    onState: state => states.push(state),
    log: line => {
      log.push(line);
      for (const look of waiting) look();
    },
    ...options,
  });
  onTestFinished(() => engine.dispose());
  const logged = (pattern: RegExp) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (!log.some(line => pattern.test(line))) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { engine, log, states, logged };
}

/** The model at a path, in eight bits and with a window that all fixtures fit in. */
export function sourceAt(
  path: string,
  facts: Partial<Pick<ModelSource, 'weightBits' | 'contextWindow'>> = {},
): ModelSource {
  return { ...resolveModelSource(path), weightBits: 8, contextWindow: 1024, ...facts };
}

export const never = new AbortController().signal;

/** A greedy generation that ends only at `maxTokens`. */
export function requestOf(ids: readonly number[], maxTokens: number): GenerateRequest {
  return { ids, sampling: greedy, stopping: { endIds: [], lastIds: [], maxTokens, maxMs: 60_000 } };
}

/** All events of a generation. `onToken` is called at the first token. */
export async function eventsOf(
  events: AsyncIterable<GenerateEvent>,
  onToken: () => void = () => undefined,
): Promise<GenerateEvent[]> {
  const all: GenerateEvent[] = [];
  for await (const event of events) {
    if (event.type === 'token' && !all.some(({ type }) => type === 'token')) onToken();
    all.push(event);
  }
  return all;
}

export const tokensOf = (events: readonly GenerateEvent[]): number[] =>
  events.flatMap(event => (event.type === 'token' ? [event.id] : []));

/** Why a generation ended, from its last event. */
export function endOf(events: readonly GenerateEvent[]): string | undefined {
  const last = events.at(-1);
  return last?.type === 'end' ? last.reason : undefined;
}
