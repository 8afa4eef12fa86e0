/** An engine that says what a test tells it to: each request takes the next answer. */
import type { Engine, GenerateEvent, GenerateRequest } from '../../src/engine/engine';
import type { StopReason } from '../../src/engine/stopping-criteria';
import { createByteTokenizer } from '../byte-tokenizer';

/** The events of one generation; a generator can do something between two of them. */
export type Answer = (request: GenerateRequest) => Iterable<GenerateEvent>;

export interface ScriptedEngine extends Engine {
  readonly requests: readonly GenerateRequest[];
  /** Answers that nobody read to their end. */
  readonly leftEarly: number;
}

export function createScriptedEngine(...answers: readonly Answer[]): ScriptedEngine {
  const requests: GenerateRequest[] = [];
  let leftEarly = 0;
  return {
    requests,
    get leftEarly() {
      return leftEarly;
    },
    async *generate(request) {
      const answer = answers[requests.push(request) - 1];
      if (answer === undefined) throw new Error(`request ${requests.length} was not expected`);
      let isOver = false;
      try {
        for (const event of answer(request)) {
          isOver = event.type === 'end';
          yield event;
        }
      } finally {
        if (!isOver) leftEarly++;
      }
    },
  };
}

const tokenizer = createByteTokenizer();

/** `text`, a byte a token, and then the reason why it ended. */
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
