/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/common/clock';

export interface FakeClock extends Clock {
  advance(ms: number): void;
  /** The milliseconds of each sleep. */
  readonly sleeps: readonly number[];
}

export function createFakeClock(): FakeClock {
  const sleeping = new Map<() => void, number>();
  const sleeps: number[] = [];
  let now = 0;
  return {
    sleeps,
    now: () => now,
    sleep: (ms, signal) => {
      sleeps.push(ms);
      return new Promise(resolve => {
        if (signal.aborted) return resolve();
        sleeping.set(resolve, now + ms);
        signal.addEventListener('abort', () => resolve());
      });
    },
    advance(ms) {
      now += ms;
      for (const [wake, at] of sleeping) if (at <= now) wake();
    },
  };
}
