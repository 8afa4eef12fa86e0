/** Measures how fast an engine writes, from the events of a request that is made anyway. */
import type { GenerateEvent } from '../generation/engine';

export interface SpeedMeter {
  /** @param now milliseconds, monotonic */
  see(event: GenerateEvent, now: number): void;
  /** Tokens a second; undefined after an answer that is too short to say. */
  readonly tokensPerSecond: number | undefined;
}

/** Fewer tokens say more about the clock than about the model. */
const fewestTokens = 8;

/** For one request. Tokens that were drafted count: the user gets them. */
export function createSpeedMeter(): SpeedMeter {
  let tokens = 0;
  let first = 0;
  let last = 0;
  return {
    see({ type }, now) {
      if (type !== 'token') return;
      last = now;
      if (tokens++ === 0) first = last;
    },
    get tokensPerSecond() {
      // The first token's time belongs to the prompt.
      return tokens >= fewestTokens && last > first ? ((tokens - 1) / (last - first)) * 1000 : undefined;
    },
  };
}
