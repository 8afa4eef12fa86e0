import type { Fixture } from './fixture';
import { until } from './until';

/** Waits for a notification with these words, and clears all of them. @returns its whole text */
export async function message({ vsCode }: Fixture, words: string): Promise<string> {
  const found = await until(`the message '${words}'`, async () =>
    (await vsCode.notifications()).find(text => text.includes(words)),
  );
  await vsCode.runCommand('Notifications: Clear All Notifications');
  return found;
}
