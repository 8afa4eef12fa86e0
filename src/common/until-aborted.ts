/** Waits for something only as long as it is wanted. What is waited for goes on. */

/** @returns what `promise` gives, or undefined as soon as `signal` aborts @throws what `promise` is rejected with */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
