/** Steps of the scenarios with the shelf: open it, find a row, name a repository. */
import type { Locator } from 'playwright-core';
import type { Fixture } from './fixture';
import { until } from './until';

export interface ShelfSteps {
  /** Rows of the list that contain this. */
  rows(text: string): Locator;
  /** A button of a notification, a dialog or a row. */
  button(name: string): Locator;
  /** Opens the list with the rows that match. The others may lie outside of the window, and then they are not there. */
  openShelf(text: string): Promise<void>;
  narrow(text: string): Promise<void>;
  /** Answers a question for a text that contains `words`. */
  answer(words: string, text: string): Promise<void>;
  nameRepository(name: string): Promise<void>;
  /** Waits until the text of the status bar for screen readers contains this. */
  statusSays(text: string): Promise<true>;
}

export function shelfSteps(fixture: () => Fixture): ShelfSteps {
  const list = () => fixture().vsCode.page.locator('.quick-input-widget');
  const steps: ShelfSteps = {
    rows: text => list().locator('.monaco-list-row', { hasText: text }),
    button: name => fixture().vsCode.page.getByRole('button', { name, exact: true }),
    async openShelf(text) {
      await fixture().vsCode.runCommand('Sotto: Choose Model…');
      await steps.rows('sotto-starter').waitFor();
      await steps.narrow(text);
    },
    narrow: text => list().locator('.quick-input-box input').fill(text),
    async answer(words, text) {
      await until(`the question '${words}'`, async () => (await list().textContent())?.includes(words));
      await steps.narrow(text);
      await fixture().vsCode.press('Enter');
    },
    async nameRepository(name) {
      await steps.openShelf('Name a repository');
      await steps.rows('Name a repository…').click();
      await steps.answer('OWNER/NAME', name);
    },
    statusSays: text =>
      until(`'${text}' in the status bar`, async () =>
        (await fixture().vsCode.statusBarLabel('sotto.status'))?.includes(text),
      ),
  };
  return steps;
}
