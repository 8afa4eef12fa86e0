import { expect, it } from 'vitest';
import { untilAborted } from '../../src/common/clock';

const never = new Promise<string>(() => undefined);

it('returns the value', async () =>
  expect(await untilAborted(Promise.resolve('a'), new AbortController().signal)).toBe('a'));

it('passes an error on', () =>
  expect(untilAborted(Promise.reject(new Error('no')), new AbortController().signal)).rejects.toThrow('no'));

it('ends the wait when the signal aborts', async () => {
  const controller = new AbortController();
  const answer = untilAborted(never, controller.signal);
  controller.abort();
  expect(await answer).toBeUndefined();
});

it('does not wait if the signal is aborted already', async () =>
  expect(await untilAborted(Promise.resolve('late'), AbortSignal.abort())).toBeUndefined());
