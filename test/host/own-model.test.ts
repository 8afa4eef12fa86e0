/** The user's own model in a real VS Code: from the setting or the dialog, with a wrong path, and back to ours. */
import { copyFileSync, mkdtempSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { starterGguf } from '../checkpoint/starter';
import { removeFolder } from '../temporary-folder';
import { useVsCode } from './fixture';
import { typeDot, unfinished, untilLogged } from './steps';
import { until } from './until';

const fixture = useVsCode();

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-own-'));
  file = join(folder, 'own.gguf');
  copyFileSync(starterGguf, file);
});
afterAll(() => removeFolder(folder));

/** Waits until the text of the status bar for screen readers contains this. */
function statusSays(text: string): Promise<true> {
  return until(`'${text}' in the status bar`, async () =>
    (await fixture().vsCode.statusBarLabel('sotto.status'))?.includes(text),
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

it('says once what is wrong with a path, starts no engine, and opens the setting', async () => {
  const { vsCode, setSettings, copyExamples, log } = fixture();
  await typeDot(fixture());
  await statusSays('Ready, with sotto-starter.');
  const before = (await log()).length;
  const wrong = join(folder, 'no-such.gguf');
  const message = `Sotto: ${wrong}: file: is not there; expected a GGUF file or a checkpoint's folder`;
  await setSettings({ 'sotto.model': wrong });
  await until('the notification', async () => (await vsCode.notifications()).includes(message));
  await statusSays('is not there');
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.');
  await untilLogged(fixture(), /\[error\].*is not there/, before);
  expect(await vsCode.ghostText()).toBeUndefined();
  expect(await vsCode.notifications()).toEqual([message]);
  expect((await log()).slice(before).filter(line => line.includes('started'))).toEqual([]);
  await vsCode.page.getByRole('button', { name: 'Open Setting' }).click();
  await vsCode.page.locator('.settings-editor .setting-item-label', { hasText: /^Model$/ }).waitFor();
});

it('opens a file again when the user has repaired it and asks for it', async () => {
  const { vsCode, setSettings } = fixture();
  const damaged = join(folder, 'damaged.gguf');
  copyFileSync(file, damaged);
  truncateSync(damaged, 10_000);
  await setSettings({ 'sotto.model': damaged });
  await statusSays('damaged.gguf: ');
  copyFileSync(file, damaged);
  await vsCode.runCommand('Sotto: Reopen Model');
  await statusSays('Ready, with damaged.gguf.');
});

it('goes back to the bundled models when the setting is empty', async () => {
  const { setSettings } = fixture();
  await setSettings({ 'sotto.model': file });
  await statusSays('Ready, with own.gguf.');
  await setSettings({ 'sotto.model': '' });
  // If the large model is in the box, it has been measured by then.
  await until('the choice between the two models', async () => {
    const label = (await fixture().vsCode.statusBarLabel('sotto.status')) ?? '';
    return /Ready, with the (large model\.|small model(\.|: this machine| while))/.test(label);
  });
  expect(await typeDot(fixture())).not.toBe('');
});

it('opens the file that the user chooses in the dialog, and the bundled model from the menu', async () => {
  const { vsCode } = fixture();
  const quickInput = vsCode.page.locator('.quick-input-widget');
  const choose = async (entry: string) => {
    await vsCode.page.locator('.statusbar-item[id*="sotto.status"] a').click();
    await quickInput.locator('.monaco-list-row', { hasText: entry }).click();
  };
  await choose('Choose a model…');
  await quickInput.locator('input[type=text]').fill('Choose a file');
  await quickInput.locator('.monaco-list-row', { hasText: 'Choose a file…' }).click();
  // The dialog ignores keys until it has listed its first folder.
  await quickInput.locator('.monaco-list-row .label-name', { hasText: '..' }).waitFor();
  await vsCode.press('ControlOrMeta+a');
  await vsCode.type(file);
  await quickInput.getByText('Use This Model').click();
  await statusSays('Ready, with own.gguf.');
  await choose('Use the bundled model');
  await statusSays('Ready, with the ');
});
