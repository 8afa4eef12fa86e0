import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AsyncQueue } from '../../src/engine-process/async-queue';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const unexpected = () => {
  throw new Error('there was no silence');
};

it('gives what has come, in its order', async () => {
  const queue = new AsyncQueue<number>();
  for (const value of [1, 2, 3]) queue.push(value);
  const values = [
    await queue.next(10, unexpected),
    await queue.next(10, unexpected),
    await queue.next(10, unexpected),
  ];
  expect(values).toEqual([1, 2, 3]);
});

it('waits for what has not come yet', async () => {
  const queue = new AsyncQueue<number>();
  const next = queue.next(10, unexpected);
  queue.push(1);
  queue.push(2);
  expect([await next, await queue.next(10, unexpected)]).toEqual([1, 2]);
});

it('tells of silence once and goes on waiting', async () => {
  const queue = new AsyncQueue<number>();
  const onSilence = vi.fn();
  const next = queue.next(10, onSilence);
  vi.advanceTimersByTime(9);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(onSilence).toHaveBeenCalledTimes(1);
  queue.push(1);
  expect(await next).toBe(1);
});

it('counts silence from each wait anew, and not after a value', async () => {
  const queue = new AsyncQueue<number>();
  const onSilence = vi.fn();
  for (const value of [1, 2, 3]) {
    const next = queue.next(10, onSilence);
    vi.advanceTimersByTime(9);
    queue.push(value);
    expect(await next).toBe(value);
  }
  vi.advanceTimersByTime(100);
  expect(onSilence).not.toHaveBeenCalled();
});
