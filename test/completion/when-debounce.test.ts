import { describe, expect, it } from 'vitest';
import { createDebounce } from '../../src/completion/when';
import { createFakeClock } from './fake-clock';

const never = new AbortController().signal;

/** @param times of the keys, in ms @param runs ms of the runs before @returns ms that each key waits */
async function waits(times: readonly number[], runs: readonly number[] = []): Promise<number[]> {
  const clock = createFakeClock();
  const debounce = createDebounce(clock);
  for (const ms of runs) debounce.observe(ms);
  const found: number[] = [];
  for (const time of times) {
    clock.advance(time - clock.now());
    const before = clock.sleeps.length;
    debounce.keyTyped();
    void debounce.wait(75, never);
    found.push(clock.sleeps[before] ?? 0);
  }
  return found;
}

describe('the wait', () => {
  it('is 0 for the first key, and the setting for the next', async () =>
    expect(await waits([1000, 1100, 1200])).toEqual([0, 75, 75]));

  it('is 0 after a pause', async () => expect(await waits([0, 399, 799, 1198])).toEqual([0, 75, 0, 75]));

  it('is no longer than a run takes', async () => expect(await waits([0, 100], [60])).toEqual([0, 60]));

  it('is 0 if a run is over before the next key can come', async () => {
    expect(await waits([0, 100], [50])).toEqual([0, 50]);
    expect(await waits([0, 100], [49])).toEqual([0, 0]);
  });

  it('is never longer than the setting', async () => expect(await waits([0, 100], [500])).toEqual([0, 75]));

  it('follows the time of a run slowly', async () => {
    expect(await waits([0, 100], [60, 70])).toEqual([0, 63]);
    expect(await waits([0, 100], [60, 70, 70])).toEqual([0, 65.1]);
  });
});

describe('a waiting key', () => {
  it('continues when its time is over', async () => {
    const clock = createFakeClock();
    const debounce = createDebounce(clock);
    debounce.keyTyped();
    debounce.keyTyped();
    let result: boolean | undefined;
    const waiting = debounce.wait(75, never).then(goesOn => {
      result = goesOn;
    });
    clock.advance(74);
    await Promise.resolve();
    expect(result).toBeUndefined();
    clock.advance(1);
    await waiting;
    expect(result).toBe(true);
  });

  it('gives up as soon as it is aborted', async () => {
    const debounce = createDebounce(createFakeClock());
    debounce.keyTyped();
    debounce.keyTyped();
    const controller = new AbortController();
    const waiting = debounce.wait(75, controller.signal);
    controller.abort();
    expect(await waiting).toBe(false);
  });

  it('gives up if it was aborted before it waits', async () =>
    expect(await createDebounce(createFakeClock()).wait(75, AbortSignal.abort())).toBe(false));
});
