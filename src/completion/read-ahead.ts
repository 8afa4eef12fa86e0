/**
 * Reads the prompt where the cursor rests, so that the first key there finds it in the KV cache: after a file is opened,
 * after a jump, after a large edit. The model only reads; it writes nothing that could be shown.
 *
 * It costs a rest at most one prompt, and nothing where the last request was made at the same place. The next request
 * stops it between two runs of the model. What was read until then stays in the KV cache.
 */
import { type Pipeline, refuse } from './complete';
import type { CompletionRequest, GenerationReport } from './request';
import type { ModelSources } from './sources/model';
import { requestKey } from './sources/remembered';

export interface ReadAhead {
  /** @returns what was read; undefined if there was nothing to read, or if it was stopped */
  start(request: CompletionRequest): Promise<GenerationReport | undefined>;
  /** A request of the user arrives. */
  stopFor(request: CompletionRequest): void;
  stop(): void;
}

export function createReadAhead(
  read: ModelSources['read'],
  { refusals }: Pick<Pipeline, 'refusals'>,
): ReadAhead {
  let controller = new AbortController();
  /** The place that was read or asked about last. */
  let lastKey: string | undefined;
  const stop = () => controller.abort();
  return {
    async start(request) {
      const key = requestKey(request);
      if (key === lastKey) return undefined;
      stop();
      controller = new AbortController();
      const { signal } = controller;
      const refused = await refuse(request, refusals);
      if (refused !== undefined || signal.aborted) return undefined;
      lastKey = key;
      return read(request, signal);
    },
    stopFor(request) {
      stop();
      lastKey = requestKey(request);
    },
    stop,
  };
}
