/** An engine that says what a test tells it to: each request takes the next answer. */
import type { Calibration } from '../../src/checkpoint/model-source';
import type { Engine, GenerateEvent, GenerateRequest, StopReason } from '../../src/generation/engine';
import { createByteTokenizer } from '../byte-tokenizer';

/** The events of one generation; a generator can do something between two of them. */
export type Answer = (request: GenerateRequest) => Iterable<GenerateEvent>;

export interface ScriptedEngine extends Engine {
  readonly requests: readonly GenerateRequest[];
  /** Answers that nobody read to their end. */
  readonly leftEarly: number;
  /** Of each request, whether its signal stopped it. */
  readonly stopped: readonly boolean[];
}

/** A scripted model's, the same as the bundled model's. */
export const scriptedCalibration: Calibration = { bias: 0.038, logit: 0.739 };

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
