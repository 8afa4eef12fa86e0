import type { Fixture } from './fixture';
import { startStopwatch } from './in-browser';

/** Presses a key. @returns milliseconds, by the browser's clock, until there is ghost text where there was none */
export async function keyToGhostText({ vsCode }: Fixture, key: string): Promise<number> {
  await vsCode.waitForNoGhostText();
  const shown = await vsCode.page.evaluateHandle(startStopwatch, '[class*=ghost-text-decoration]');
  await vsCode.press(key);
  // Else one that never comes would be waited for until the test's own deadline.
  await vsCode.waitForGhostText();
  return shown.evaluate(({ ms }) => ms);
}
