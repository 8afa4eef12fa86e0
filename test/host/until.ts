// Waits for a condition outside this process, such as something on VS Code's screen or in its log.
// Knows nothing of VS Code.

import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `probe` again and again until it answers something other than `undefined`, and returns that.
 * @throws {Error} naming `what` was waited for, when the deadline has passed
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { timeoutMs = 25_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
    await delay(everyMs);
  }
}
