/** Measures how fast an engine writes, from the events of a request that is made anyway. */
import type { GenerateEvent } from '../generation/engine';

export interface SpeedMeter {
  see(event: GenerateEvent): void;
  /** Tokens a second; undefined before the end, and after an answer that is too short to say. */
  readonly tokensPerSecond: number | undefined;
}

/** Fewer tokens say more about the clock than about the model. */
const fewestTokens = 8;

/**
 * For one request. The times are the engine's own: a busy editor receives tokens late, and then several at once. If the
 * reader leaves before the end, nothing is known. Tokens that were drafted count too, so a text that repeats itself is faster.
 */
export function createSpeedMeter(): SpeedMeter {
  let promptMs = 0;
  let tokens = 0;
  let tokensPerSecond: number | undefined;
  return {
    see(event) {
      if (event.type === 'prefill') promptMs = event.ms;
      else if (event.type === 'token') tokens++;
      else if (tokens >= fewestTokens && event.ms > promptMs)
        tokensPerSecond = (1000 * tokens) / (event.ms - promptMs);
    },
    get tokensPerSecond() {
      return tokensPerSecond;
    },
  };
}
