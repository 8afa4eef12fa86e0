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

/**
 * For one request. Drafted tokens come several at once, when the text happens to repeat itself. They say nothing of the
 * model, so the time of one run is taken from the longer gaps between tokens.
 */
export function createSpeedMeter(): SpeedMeter {
  const gaps: number[] = [];
  let last: number | undefined;
  return {
    see({ type }, now) {
      if (type !== 'token') return;
      // The first token's time belongs to the prompt.
      if (last !== undefined) gaps.push(now - last);
      last = now;
    },
    get tokensPerSecond() {
      if (gaps.length + 1 < fewestTokens) return undefined;
      const upperQuartile = [...gaps].sort((one, other) => one - other)[Math.floor(gaps.length * 0.75)]!;
      return upperQuartile > 0 ? 1000 / upperQuartile : undefined;
    },
  };
}
