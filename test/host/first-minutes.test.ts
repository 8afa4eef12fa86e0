/** What a newcomer sees in a real VS Code: the first suggestion after the install, the walkthrough, the menu. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { startStopwatch } from './in-browser';
import { queueSource, unfinished, untilLogged, untilNotified } from './steps';
import { until } from './until';

// The walkthrough's first impression counts with the settings that a user has.
const fixture = useVsCode({ 'sotto.minConfidence': 0.5, 'sotto.copies': true });

/** Opens the menu in the status bar. @returns its entries, without separators and icons */
async function openMenu(): Promise<string[]> {
  const { vsCode } = fixture();
  await vsCode.page.locator('[id*="sotto.status"] a').first().click();
  const rows = vsCode.page.locator('.quick-input-widget .monaco-list-row');
  await rows.first().waitFor();
  return (await rows.locator('.quick-input-list-row >> nth=0').allTextContents()).map(text => text.trim());
}

/** Chooses an entry of the open menu by its beginning. */
async function choose(label: string): Promise<void> {
  const { vsCode } = fixture();
  await vsCode.page.locator('.quick-input-widget input[type=text]').fill(label);
  await vsCode.page.locator('.quick-input-widget .monaco-list-row', { hasText: label }).first().click();
}

async function untilStatusSays(words: string): Promise<void> {
  await until(`'${words}' in the status bar`, async () =>
    (await fixture().vsCode.statusBarLabel('sotto.status'))?.includes(words),
  );
}

it('shows a suggestion in a sample right after the install, and Tab takes it', async () => {
  const { vsCode } = fixture();
  const { page } = vsCode;
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input[type=text]').fill('>Sotto: Try It');
  await page
    .locator('.quick-input-widget .monaco-list-row .label-name', { hasText: 'Sotto: Try It' })
    .waitFor();
  const shown = await page.evaluateHandle(startStopwatch, '[class*=ghost-text-decoration]');
  await page.keyboard.press('Enter');
  const ghost = await vsCode.waitForGhostText();
  const ms = await shown.evaluate(stopwatch => stopwatch.ms);
  console.log(`From 'Try It' after the install to ghost text, with nothing prepared: ${ms.toFixed(0)} ms`);
  expect(ghost).toBe('listener(item);');
  await vsCode.press('Tab');
  await until('the suggestion in the sample', async () =>
    (await vsCode.visibleText()).includes('      listener(item);\n    }\n  }\n}'),
  );
});

it('opens the sample as it was, also after it was changed', async () => {
  const { vsCode } = fixture();
  await vsCode.runCommand('Sotto: Try It');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.type('changed');
  await vsCode.runCommand('Sotto: Try It');
  expect(await vsCode.waitForGhostText()).toBe(ghost);
  expect(await vsCode.visibleText()).not.toContain('changed');
});

it('has a walkthrough whose first step is ticked off when the sample opens', async () => {
  const { vsCode } = fixture();
  await vsCode.runCommand('Sotto: Get Started');
  const steps = vsCode.page.locator('.gettingStartedContainer .getting-started-step');
  await steps.first().waitFor();
  expect(await steps.count()).toBe(5);
  await vsCode.page
    .locator('.getting-started-step a, .getting-started-step .monaco-button', { hasText: 'Try It' })
    .click();
  await vsCode.waitForGhostText();
  await vsCode.runCommand('Sotto: Get Started');
  await vsCode.page.locator('.getting-started-step .codicon-getting-started-step-checked').first().waitFor();
});
