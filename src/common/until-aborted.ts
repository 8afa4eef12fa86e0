/**
 * Waits for `promise` until `signal` aborts. The abort ends only the wait: the work behind the promise goes on.
 * @returns the promise's value, or undefined as soon as `signal` aborts
 * @throws the promise's error
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
