import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/common/clock';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function isResolved(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => false)]);
}

it('a sleep ends after its time', async () => {
  const asleep = systemClock.sleep(75, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(74);
  expect(await isResolved(asleep)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isResolved(asleep)).toBe(true);
});

it('a sleep ends at once when it is aborted, and leaves no timer', async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleep(75, controller.signal);
  expect(vi.getTimerCount()).toBe(1);
  controller.abort();
  await asleep;
  expect(vi.getTimerCount()).toBe(0);
});

it('a sleep that was aborted before does not begin', async () => {
  await systemClock.sleep(75, AbortSignal.abort());
  expect(vi.getTimerCount()).toBe(0);
});
