/**
 * An engine that remembers its answers. Peers and ablations often ask the same, and differ in what they do with the
 * answer. The engine must always answer the same, so this is only for greedy sampling or a fixed seed.
 *
 * A limit of likelihood is applied here and not in the engine, by the engine's own criterion. So one answer serves every
 * limit: the curve over the threshold of confidence needs one run of the model.
 */
import { createHash } from 'node:crypto';
import type { Engine, GenerateEvent, GenerateRequest } from '../../src/generation/engine';
import { createConstraint } from '../../src/generation/predict';
import { createStoppingCriteria } from '../../src/generation/stopping-criteria';

export function rememberAnswers(engine: Engine): Engine {
  const known = new Map<string, readonly GenerateEvent[]>();
  return {
    generate: (request, signal) => untilUnlikely(recall(engine, known, request, signal), request),
  };
}

async function* recall(
  engine: Engine,
  known: Map<string, readonly GenerateEvent[]>,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent> {
  const unlimited = withoutLikelihood(request);
  // A hash, because the constraint on the first tokens may list most of the vocabulary.
  const key = createHash('sha256').update(JSON.stringify(unlimited)).digest('base64');
  const before = known.get(key) ?? [];
  yield* before;
  if (before.at(-1)?.type === 'end') return;
  // The request is new, or an earlier reader stopped before the end.
  const events: GenerateEvent[] = [];
  try {
    for await (const event of engine.generate(unlimited, signal))
      if (events.push(event) > before.length) yield event;
  } finally {
    if (!signal.aborted) known.set(key, events);
  }
}

/** The same request for a text that may be as unlikely as it likes. */
export function withoutLikelihood({ stopping, ...request }: GenerateRequest): GenerateRequest {
  const { likelihood: _, ...others } = stopping;
  return { ...request, stopping: others };
}

async function* untilUnlikely(
  events: AsyncIterable<GenerateEvent>,
  { stopping: { likelihood }, constraint: states }: GenerateRequest,
): AsyncGenerator<GenerateEvent> {
  const never = { endIds: [], lastIds: [], maxTokens: Infinity, maxMs: Infinity };
  const stopAfter = createStoppingCriteria({ ...never, likelihood }, () => 0);
  const constraint = createConstraint(states);
  for await (const event of events) {
    yield event;
    if (event.type !== 'token') continue;
    const reason = stopAfter({ ...event, freedom: constraint.take(event.id) }, 1);
    if (reason !== undefined) return yield { type: 'end', reason, ms: 0 };
  }
}
