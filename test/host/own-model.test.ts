/** A model of the user's own in a real VS Code: chosen in the settings or in a dialog, wrong, and given up again. */
import { copyFileSync, mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ggufOfStarter } from '../checkpoint/gguf-of-starter';
import { removeFolder } from '../temporary-folder';
import { untilLogged, useVsCode } from './fixture';
import { typeDot } from './type-dot';
import { until } from './until';

const fixture = useVsCode();

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-own-'));
  file = join(folder, 'own.gguf');
  writeFileSync(file, ggufOfStarter());
});
afterAll(() => removeFolder(folder));

/** Waits until the status bar says so to a screen reader. */
function statusSays(text: string): Promise<true> {
  return until(`'${text}' in the status bar`, async () =>
    (await fixture().vsCode.statusBarLabel('sotto.status'))?.includes(text) ? true : undefined,
  );
}

it('prepares the file that the setting names, says so, and suggests from it', async () => {
  const { vsCode, setSettings } = fixture();
  const texts = await vsCode.watchStatusBar('sotto.status');
  await setSettings({ 'sotto.model': file });
  await statusSays('Ready, with own.gguf.');
  expect(await texts()).toContain('Preparing own.gguf (first time)…');
  expect(await typeDot(fixture())).not.toBe('');
});

it('says once what is wrong with a path, starts nothing, and leads to the setting', async () => {
  const { vsCode, setSettings, log } = fixture();
  const before = (await log()).length;
  const wrong = join(folder, 'no-such.gguf');
  const message = `Sotto: ${wrong}: file: is not there; expected a GGUF file or a checkpoint's folder`;
  await setSettings({ 'sotto.model': wrong });
  await until('the notification', async () =>
    (await vsCode.notifications()).includes(message) ? true : undefined,
  );
  await statusSays('is not there');
  await vsCode.openFile(`${fixture().copyExamples()}/web/queue.js`, { line: 24, column: 19 });
  await vsCode.type('.');
  await untilLogged(fixture(), /\[error\].*is not there/, before);
  expect(await vsCode.ghostText()).toBeUndefined();
  expect(await vsCode.notifications()).toEqual([message]);
  expect((await log()).slice(before).filter(line => line.includes('started'))).toEqual([]);
  await vsCode.page.getByRole('button', { name: 'Open Setting' }).click();
  await vsCode.page.locator('.settings-editor .setting-item-label', { hasText: /^Model$/ }).waitFor();
});

it('opens a file that was damaged and is mended, when asked to', async () => {
  const { vsCode, setSettings } = fixture();
  const mended = join(folder, 'mended.gguf');
  copyFileSync(file, mended);
  truncateSync(mended, 10_000);
  await setSettings({ 'sotto.model': mended });
  await statusSays('mended.gguf: ');
  copyFileSync(file, mended);
  await vsCode.runCommand('Sotto: Reopen Model');
  await statusSays('Ready, with mended.gguf.');
});

it('goes back to the bundled model when the setting is emptied', async () => {
  await fixture().setSettings({ 'sotto.model': '' });
  await statusSays('Ready, with sotto-starter.');
  expect(await typeDot(fixture())).not.toBe('');
});

it('takes the file that is chosen in the dialog, and the menu leads back', async () => {
  const { vsCode } = fixture();
  const quickInput = vsCode.page.locator('.quick-input-widget');
  const choose = async (entry: string) => {
    await vsCode.page.locator('.statusbar-item[id*="sotto.status"] a').click();
    await quickInput.locator('.monaco-list-row', { hasText: entry }).click();
  };
  await choose('Choose a model file…');
  // The dialog lists its first folder before it listens to what is typed.
  await quickInput.locator('.monaco-list-row .label-name', { hasText: '..' }).waitFor();
  await vsCode.press('ControlOrMeta+a');
  await vsCode.type(file);
  await quickInput.getByText('Use This Model').click();
  await statusSays('Ready, with own.gguf.');
  await choose('Use the bundled model');
  await statusSays('Ready, with sotto-starter.');
});
