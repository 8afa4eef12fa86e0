/**
 * An engine that remembers its answers. Peers and ablations often ask the same, and differ in what they do with the
 * answer. The engine must always answer the same, so this is only for greedy sampling or a fixed seed.
 */
import { createHash } from 'node:crypto';
import type { Engine, GenerateEvent } from '../../src/generation/engine';

export function rememberAnswers(engine: Engine): Engine {
  const known = new Map<string, readonly GenerateEvent[]>();
  return {
    async *generate(request, signal) {
      // A hash, because the constraint on the first tokens may list most of the vocabulary.
      const key = createHash('sha256').update(JSON.stringify(request)).digest('base64');
      const before = known.get(key) ?? [];
      yield* before;
      if (before.at(-1)?.type === 'end') return;
      // The request is new, or an earlier reader stopped before the end.
      const events: GenerateEvent[] = [];
      try {
        for await (const event of engine.generate(request, signal))
          if (events.push(event) > before.length) yield event;
      } finally {
        if (!signal.aborted) known.set(key, events);
      }
    },
  };
}
