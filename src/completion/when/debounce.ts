/**
 * Waits for the user to stop typing, but no longer than it pays.
 *
 * The next key discards the run that is under way. That loses at most the time of a run, so a longer wait saves nothing.
 * The wait is as long as runs took lately, and never longer than the setting. There is no wait after a pause. There is
 * also none if a run ends before the next key can come, because it would only delay the suggestion (`bench:typing`).
 */
import type { Clock } from '../../common/clock';
import type { Source } from '../sources/source';

export interface Debounce {
  /** A key has changed the document. */
  keyTyped(): void;
  /** @returns false if `signal` aborted during the wait */
  wait(maxMs: number, signal: AbortSignal): Promise<boolean>;
  /** A run of the model took so long. */
  observe(runMs: number): void;
}

/** A key this long after the one before comes after a pause. */
const pauseMs = 400;
/**
 * The next key rarely comes sooner: the fastest typists take 120 ms on average (Dhakal et al., Observations on Typing
 * from 136 Million Keystrokes, CHI 2018).
 */
const minKeyIntervalMs = 50;
/** Weight of the newest run in the moving average. */
const smoothing = 0.3;

export function createDebounce(clock: Clock): Debounce {
  let lastKey = Number.NEGATIVE_INFINITY;
  let sinceLastKey = Number.POSITIVE_INFINITY;
  let typicalRunMs = Number.POSITIVE_INFINITY;
  return {
    keyTyped() {
      sinceLastKey = clock.now() - lastKey;
      lastKey = clock.now();
    },
    async wait(maxMs, signal) {
      const mayBeDiscarded = sinceLastKey < pauseMs && typicalRunMs >= minKeyIntervalMs;
      if (mayBeDiscarded) await clock.sleep(Math.min(maxMs, typicalRunMs), signal);
      return !signal.aborted;
    },
    observe(runMs) {
      typicalRunMs =
        typicalRunMs === Number.POSITIVE_INFINITY ? runMs : typicalRunMs + smoothing * (runMs - typicalRunMs);
    },
  };
}

/** While the user types, the model is asked when the typing pauses. */
export function whenTypingPauses(debounce: Debounce, model: Source): Source {
  return async (request, signal) => {
    const isTyping = request.trigger === 'automatic';
    if (isTyping && !(await debounce.wait(request.settings.debounce, signal))) return { why: 'newer-key' };
    const found = await model(request, signal);
    if (found.report !== undefined) debounce.observe(found.report.totalMs);
    return found;
  };
}
