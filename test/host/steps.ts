/** Steps that several scenarios share: open the example, type, wait for an answer. Knows nothing of how it is made. */
import { readFileSync } from 'node:fs';
import type { Fixture } from './fixture';
import { startStopwatch } from './in-browser';
import { until } from './until';

/** The text of examples/web/queue.js. */
export const queueSource = readFileSync('examples/web/queue.js', 'utf8');

/** The unfinished line in it, with the cursor at its end. A model that has read the file has a suggestion here. */
export const unfinished = { line: 24, column: 19 };

/**
 * Opens a new copy of the example and types a dot at the end of the unfinished line.
 * @param timeoutMs for a test in which the model is prepared or loaded first
 * @returns the ghost text
 */
export async function typeDot({ vsCode, copyExamples }: Fixture, timeoutMs?: number): Promise<string> {
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.');
  return vsCode.waitForGhostText(timeoutMs);
}

/** Presses a key. @returns milliseconds, by the browser's clock, from the key to the ghost text */
export async function msToGhostText({ vsCode }: Fixture, key: string): Promise<number> {
  await vsCode.waitForNoGhostText();
  const shown = await vsCode.page.evaluateHandle(startStopwatch, '[class*=ghost-text-decoration]');
  await vsCode.press(key);
  // The stopwatch has no deadline. This wait has one.
  await vsCode.waitForGhostText();
  return shown.evaluate(({ ms }) => ms);
}

/** Opens the page 'Explain Last Request'. @returns its text, once it contains `words` and its newest request is over */
export async function openExplanation({ vsCode }: Fixture, words: string): Promise<string> {
  await vsCode.runCommand('Sotto: Explain Last Request');
  return until(`the page with '${words}'`, async () => {
    const page = await vsCode.visibleText();
    const [, newest = ''] = page.split('─'.repeat(80));
    return page.includes(words) && !newest.includes('there is no answer yet') && page;
  });
}

/** Waits for a notification that contains `words`. @returns its whole text */
export function untilNotified({ vsCode }: Fixture, words: string): Promise<string> {
  return until(`the notification '${words}'`, async () =>
    (await vsCode.notifications()).find(text => text.includes(words)),
  );
}

/** Waits for a line of the extension's log, after the first `after` lines. @returns the groups of its first match */
export function untilLogged({ log }: Fixture, pattern: RegExp, after = 0): Promise<RegExpExecArray> {
  return until(`a log line ${pattern}`, async () => {
    for (const line of (await log()).slice(after)) {
      const match = pattern.exec(line);
      if (match) return match;
    }
    return undefined;
  });
}

/** How many suggestions of the model the log has so far. */
export async function countModelRuns({ log }: Fixture): Promise<number> {
  return (await log()).filter(line => line.includes('from the model')).length;
}
