/** An engine whose answers a test gives: each request takes the next one. */
import type { Engine, GenerateEvent, GenerateRequest, StopReason } from '../../src/generation/engine';
import { createByteTokenizer } from '../byte-tokenizer';

/** The events of one generation. A generator function can act between two of them. */
export type Answer = (request: GenerateRequest) => Iterable<GenerateEvent>;

export interface ScriptedEngine extends Engine {
  readonly requests: readonly GenerateRequest[];
  /** Number of answers that were not read to their end. */
  readonly leftEarly: number;
  /** For each request, whether its signal stopped it. */
  readonly stopped: readonly boolean[];
}

export function createScriptedEngine(...answers: readonly Answer[]): ScriptedEngine {
  const requests: GenerateRequest[] = [];
  const stopped: boolean[] = [];
  let leftEarly = 0;
  return {
    requests,
    stopped,
    get leftEarly() {
      return leftEarly;
    },
    async *generate(request, signal) {
      const index = requests.push(request) - 1;
      stopped.push(false);
      const answer = answers[index];
      if (answer === undefined) throw new Error(`request ${requests.length} was not expected`);
      let isOver = false;
      try {
        for (const event of answer(request)) {
          stopped[index] = signal.aborted;
          const said = signal.aborted ? end('aborted') : event;
          isOver = said.type === 'end';
          yield said;
          if (isOver) return;
        }
      } finally {
        if (!isOver) leftEarly++;
      }
    },
  };
}

const tokenizer = createByteTokenizer();

/** Writes `text`, one byte per token, and then the reason why it ended. */
export function says(text: string, reason: StopReason = 'end-token'): Answer {
  return function* ({ ids }) {
    yield prefill(ids.length);
    yield* tokens(text);
    yield end(reason);
  };
}

export const prefill = (computed: number): GenerateEvent => ({ type: 'prefill', cached: 0, computed, ms: 1 });
export const tokens = (text: string): GenerateEvent[] =>
  tokenizer.encode(text).map(id => ({ type: 'token', id, logProb: -0.01 }));
export const end = (reason: StopReason): GenerateEvent => ({ type: 'end', reason, ms: 2 });
