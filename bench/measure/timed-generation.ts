/** The engine's `generate` in this process, timed. Its parts are those that the engine's process gives it. */

import type { Decoder } from '../../src/generation/decoder';
import { greedy } from '../../src/generation/engine';
import { chunkLengthFor, generate } from '../../src/generation/generate';
import type { TokenCache } from '../../src/generation/kv-cache';
import { noSpeculation, type Speculation } from '../../src/generation/speculation';
import { ownCpuMs } from './machine';

export interface TimedGeneration {
  readonly ids: readonly number[];
  /** From the call to the first new token. */
  readonly prefillMs: number;
  /** From the first new token to the last. */
  readonly decodeMs: number;
  /** Processor time of this process in `decodeMs`. */
  readonly decodeCpuMs: number;
}

/**
 * @param shape sizes of the model that `decoder` runs: they decide how many tokens a prefill run takes
 * @returns a function that writes `count` tokens after `ids`; it computes only what its cache lacks of them
 */
export async function createTimedGeneration<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  shape: Parameters<typeof chunkLengthFor>[0],
) {
  const cache = decoder.createCache();
  const parts = {
    decoder,
    cache,
    chunkLength: chunkLengthFor(shape),
    now: () => performance.now(),
    yieldToEvents: () => new Promise<void>(resolve => setImmediate(resolve)),
  };
  // The first run allocates what later runs reuse.
  await decoder.run(new Array<number>(Math.min(parts.chunkLength, cache.capacity)).fill(0), cache, [0]);
  cache.rewind(0);
  return async (
    ids: readonly number[],
    count: number,
    speculation: Speculation = noSpeculation,
  ): Promise<TimedGeneration> => {
    const stopping = { endIds: [], lastIds: [], maxTokens: count, maxMs: Number.POSITIVE_INFINITY };
    const never = new AbortController().signal;
    const generated: number[] = [];
    const started = performance.now();
    let first = started;
    let cpuAtFirst = 0;
    for await (const event of generate({ ...parts, speculation }, { ids, sampling: greedy, stopping }, never))
      if (event.type === 'token' && generated.push(event.id) === 1) {
        first = performance.now();
        cpuAtFirst = ownCpuMs();
      }
    const decodeCpuMs = ownCpuMs() - cpuAtFirst;
    return { ids: generated, prefillMs: first - started, decodeMs: performance.now() - first, decodeCpuMs };
  };
}
