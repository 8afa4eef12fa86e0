/**
 * Waits for the user to stop typing, but no longer than it pays.
 *
 * A run that the next keystroke discards costs at most what runs have cost lately, so waiting longer than that saves
 * nothing: the wait is the recent time of a run, and never more than the setting. After a pause there is no wait, nor
 * where a run is over before anyone has found the next key: waiting would only make it late (`bench:typing`).
 */
import type { Clock } from '../../common/clock';

export interface Debounce {
  /** @returns false if `signal` aborted meanwhile */
  wait(maxMs: number, signal: AbortSignal): Promise<boolean>;
  /** Says how long a suggestion took. */
  observe(runMs: number): void;
}

/** A request this long after the last one follows a pause: nobody is in the middle of a word. */
const pauseMs = 400;
/**
 * Hardly any two keys follow each other sooner: the fastest typists take 120 ms on average (Dhakal et al., Observations
 * on Typing from 136 Million Keystrokes, CHI 2018).
 */
const quickestKeyMs = 50;
/** Weight of the newest run in the moving average. */
const smoothing = 0.3;

export function createDebounce(clock: Clock): Debounce {
  let lastRequest = Number.NEGATIVE_INFINITY;
  let typicalRunMs = Number.POSITIVE_INFINITY;
  return {
    async wait(maxMs, signal) {
      const sinceLast = clock.now() - lastRequest;
      lastRequest = clock.now();
      const mayBeDiscarded = sinceLast < pauseMs && typicalRunMs >= quickestKeyMs;
      if (mayBeDiscarded) await clock.sleep(Math.min(maxMs, typicalRunMs), signal);
      return !signal.aborted;
    },
    observe(runMs) {
      typicalRunMs =
        typicalRunMs === Number.POSITIVE_INFINITY ? runMs : typicalRunMs + smoothing * (runMs - typicalRunMs);
    },
  };
}
