/** How soon the engine stops after an abort, at random moments of the prefill of a whole window. */
import { greedy } from '../../src/generation/engine';
import { buildPrompt } from '../../src/prompt/prompt-memory';
import type { OpenModel } from '../../src/session';
import type { CompletionSettings } from '../../src/settings/settings';
import type { Random } from '../../test/random';
import { documentIn, type Source } from '../corpus/own-sources';
import { median } from '../measure/tables';

const stopping = { endIds: [], lastIds: [], maxTokens: 1, maxMs: 60_000 };

/** @returns milliseconds from each abort to the end of the request */
export async function measureCancellation(
  model: OpenModel,
  settings: CompletionSettings,
  sources: readonly Source[],
  random: Random,
  aborts: number,
): Promise<number[]> {
  const prompt = () => {
    const { document } = documentIn(random.pick(sources), random, 1);
    return buildPrompt(document, model, settings).ids;
  };
  const runs: number[] = [];
  for (let i = 0; i < 5; i++) runs.push((await abortAfter(model, prompt(), Number.POSITIVE_INFINITY)).ms);
  const values: number[] = [];
  while (values.length < aborts) {
    const share = random.below(1000) / 1000;
    const { stopMs } = await abortAfter(model, prompt(), share * median(runs));
    // A request that ended before its abort was not stopped.
    if (stopMs !== undefined) values.push(stopMs);
  }
  return values;
}

async function abortAfter(
  { engine }: OpenModel,
  ids: readonly number[],
  afterMs: number,
): Promise<{ readonly ms: number; readonly stopMs: number | undefined }> {
  const controller = new AbortController();
  const start = performance.now();
  let aborted: number | undefined;
  const abort = () => {
    aborted = performance.now();
    controller.abort();
  };
  const timer = Number.isFinite(afterMs) ? setTimeout(abort, afterMs) : undefined;
  let wasStopped = false;
  for await (const event of engine.generate({ ids, sampling: greedy, stopping }, controller.signal))
    if (event.type === 'end') wasStopped = event.reason === 'aborted';
  clearTimeout(timer);
  const end = performance.now();
  return { ms: end - start, stopMs: wasStopped && aborted !== undefined ? end - aborted : undefined };
}
