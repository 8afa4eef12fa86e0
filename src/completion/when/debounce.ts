/**
 * Waits for the user to stop typing, but no longer than it pays.
 *
 * The next key discards the run that is under way. That costs at most what runs have cost lately, so a longer wait saves
 * nothing: the wait is the recent time of a run, and never more than the setting. There is no wait after a pause, nor if
 * a run is over before the next key can come: then waiting would only make the suggestion late (`bench:typing`).
 */
import type { Clock } from '../../common/clock';
import type { Source } from '../sources/source';

export interface Debounce {
  /** A key has changed the document. */
  keyTyped(): void;
  /** @returns false if `signal` aborted meanwhile */
  wait(maxMs: number, signal: AbortSignal): Promise<boolean>;
  /** A run of the model took so long. */
  observe(runMs: number): void;
}

/** A key this long after the one before comes after a pause. */
const pauseMs = 400;
/**
 * Two keys hardly ever follow each other faster: the fastest typists take 120 ms on average (Dhakal et al., Observations
 * on Typing from 136 Million Keystrokes, CHI 2018).
 */
const quickestKeyMs = 50;
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
      const mayBeDiscarded = sinceLastKey < pauseMs && typicalRunMs >= quickestKeyMs;
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
