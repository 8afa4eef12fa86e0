import type { Fixture } from './fixture';
import { until } from './until';

/** Opens the page that explains the last requests. @returns it, once it says `words` */
export async function explanation({ vsCode }: Fixture, words: string): Promise<string> {
  await vsCode.runCommand('Sotto: Explain Last Request');
  return until(`the page with '${words}'`, async () => {
    const page = await vsCode.visibleText();
    return page.includes(words) ? page : undefined;
  });
}
