/** What the statistics count in a real VS Code, and their page there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { expect, it } from 'vitest';
import { keysOf } from '../../src/document/words';
import { checkAccessibility } from './accessibility';
import { useVsCode } from './fixture';
import { typeDot } from './steps';
import { until } from './until';

const fixture = useVsCode();

/** Where the model may have to be prepared first. */
const firstTime = 60_000;

/** Runs the command. @returns the frame with the page, once it has these words */
async function openPage(words = ''): Promise<Frame> {
  const { vsCode } = fixture();
  await vsCode.runCommand('Sotto: Show Statistics');
  return pageWith(words);
}

function pageWith(words: string): Promise<Frame> {
  return until(`the page of the statistics with '${words}'`, async () => {
    for (const frame of fixture().vsCode.page.frames()) {
      const heading = frame.getByRole('heading', { name: 'Statistics of Sotto' });
      if ((await heading.count().catch(() => 0)) > 0 && (await textOf(frame)).includes(words)) return frame;
    }
    return undefined;
  });
}

async function textOf(frame: Frame): Promise<string> {
  return (
    (await frame
      .locator('main')
      .textContent()
      .catch(() => '')) ?? ''
  );
}

/** The cells of a row of the first table. */
async function rowOf(frame: Frame, name: string): Promise<readonly string[]> {
  const table = frame.getByRole('region', { name: 'Overview' });
  return table.getByRole('row', { name }).getByRole('cell').allTextContents();
}

async function keysToday(): Promise<number> {
  const [keys = '0'] = await rowOf(await openPage(), 'Today');
  await fixture().vsCode.press('Control+F9');
  return Number(keys);
}

it('says at first that nothing has been counted', async () => {
  const page = await openPage('No suggestion has been counted yet.');
  expect(await textOf(page)).toContain('the numbers never leave it');
});

it('counts a suggestion that was accepted and saved, and the menu says how many keys that saved', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture(), firstTime);
  await vsCode.press('Tab');
  await vsCode.waitForNoGhostText();
  expect(await vsCode.editorText()).toContain(ghost);
  const saved = keysOf(ghost) - 1;
  const [keys, shown, accepted, , keptAtSave] = await rowOf(await openPage('100%'), 'Today');
  expect({ keys, accepted, keptAtSave }).toEqual({
    keys: String(saved),
    accepted: '100%',
    keptAtSave: '100%',
  });
  expect(Number(shown)).toBe(1);
  await vsCode.runCommand('Sotto: Show Menu');
  await vsCode.page.locator('.quick-input-list', { hasText: `${saved} keys saved today` }).waitFor();
  await vsCode.press('Escape');
});

it('counts a suggestion that is accepted word by word', async () => {
  const { vsCode } = fixture();
  const before = await keysToday();
  const ghost = await typeDot(fixture());
  await vsCode.press('ControlOrMeta+ArrowRight');
  const rest = await until('a shorter ghost text', async () => {
    const left = await vsCode.ghostText();
    return left !== undefined && left !== ghost && left;
  });
  const word = ghost.slice(0, ghost.length - rest.length);
  expect(ghost).toBe(word + rest);
  await vsCode.press('Escape');
  expect(await keysToday()).toBe(before + keysOf(word) - 1);
});

it('counts nothing that the user typed', async () => {
  const { vsCode } = fixture();
  const before = await keysToday();
  const ghost = await typeDot(fixture());
  await vsCode.type(ghost.slice(0, 4));
  await vsCode.press('Escape');
  expect(await keysToday()).toBe(before);
});

it('keeps the numbers when the window is loaded again', async () => {
  const { vsCode } = fixture();
  const before = await keysToday();
  expect(before).toBeGreaterThan(0);
  const starts = async () =>
    (await fixture().hostLog()).filter(line => line.includes('_doActivateExtension sotto.sotto')).length;
  const count = await starts();
  await vsCode.runCommand('Developer: Reload Window');
  await until('another start of the extension', async () => (await starts()) > count);
  expect(await keysToday()).toBe(before);
});

it('axe finds no fault in the page, in light, dark and high contrast', async () => {
  const { setSettings } = fixture();
  await openPage();
  const kinds = {
    'Default Light Modern': 'vscode-light',
    'Default Dark Modern': 'vscode-dark',
    'Default High Contrast': 'vscode-high-contrast',
    'Default High Contrast Light': 'vscode-high-contrast-light',
  };
  for (const [theme, kind] of Object.entries(kinds)) {
    await setSettings({ 'workbench.colorTheme': theme });
    const page = await until(`the theme ${theme}`, async () => {
      const frame = await pageWith('');
      return (await frame.locator('body').getAttribute('data-vscode-theme-kind')) === kind && frame;
    });
    const { faults, kept } = await checkAccessibility(page);
    expect(faults, theme).toEqual([]);
    expect(kept).toContain('color-contrast');
  }
});

it('erases all after a question', async () => {
  const { vsCode } = fixture();
  const page = await openPage('Erase');
  await page.getByRole('button', { name: 'Erase All…' }).click();
  await vsCode.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Erase', exact: true }).click();
  await pageWith('No suggestion has been counted yet.');
});

it('stores numbers and no text, outside the workspace', async () => {
  const { vsCode, userDataFolder } = fixture();
  const ghost = await typeDot(fixture(), firstTime);
  await vsCode.press('Tab');
  await vsCode.editorText();
  const page = await openPage();
  // A reset writes at once.
  await page.getByRole('button', { name: 'Reset the Thresholds' }).click();
  const folder = join(userDataFolder, 'User/globalStorage/sotto.sotto/statistics');
  const text = await until('the file', async () =>
    readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .map(name => readFileSync(join(folder, name), 'utf8'))
      .find(one => one.includes('"rows":[{')),
  );
  expect(text).toContain('"language":"javascript"');
  expect(text).not.toContain(ghost);
  expect(text).not.toContain('queue.js');
});
