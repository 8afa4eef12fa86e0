// Waits for a condition outside this process, such as something on VS Code's screen or in its log.
// Knows nothing of VS Code.

import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `probe` until it returns neither `undefined` nor `false`, and returns that value.
 * @throws {Error} that names `what` it waited for, after the deadline
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  { timeoutMs = 25_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    await delay(everyMs);
  }
}
