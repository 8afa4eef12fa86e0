/** Why a real VS Code shows nothing: the status bar and the page "Explain Last Request" say it. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canLink } from '../operating-system';
import { useVsCode } from './fixture';
import { openExplanation, queueSource, typeDot, unfinished, untilLogged, untilNotified } from './steps';
import { until } from './until';

const fixture = useVsCode();

/** Waits until the label of the status bar's item contains these words. */
async function untilStatusSays(words: string): Promise<void> {
  await until(`'${words}' in the status bar`, async () =>
    (await fixture().vsCode.statusBarLabel('sotto.status'))?.includes(words),
  );
}

it('names the setting of VS Code that turns inline suggestions off, and still answers if the user asks', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  await setSettings({ 'editor.inlineSuggest.enabled': false });
  writeFile('inline/queue.js', queueSource);
  await vsCode.openFile('inline/queue.js', unfinished);
  const words =
    "Nothing is suggested in inline/queue.js while you type: VS Code's setting editor.inlineSuggest.enabled is off";
  await untilStatusSays(words);
  await vsCode.press('Alt+\\');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await vsCode.press('Escape');
  await openExplanation(fixture(), `Now: ${words}`);
  await setSettings({});
  await vsCode.openFile('inline/queue.js', unfinished);
  await until('a status bar without it', async () => {
    const label = await vsCode.statusBarLabel('sotto.status');
    return label?.includes('Ready') && !label.includes('Nothing is suggested');
  });
});

it('names the language that is off, and is off in the message of a commit', async () => {
  const { vsCode, writeFile, log } = fixture();
  writeFile('messages/COMMIT_EDITMSG', 'Mend the queue\n');
  await vsCode.openFile('messages/COMMIT_EDITMSG', { line: 1, column: 15 });
  const words =
    'Nothing is suggested in messages/COMMIT_EDITMSG while you type: suggestions while typing are turned off for this language';
  await untilStatusSays(words);
  const before = (await log()).length;
  await vsCode.type(',');
  await untilLogged(
    fixture(),
    /messages\/COMMIT_EDITMSG: nothing is shown: .* turned off for this language/,
    before,
  );
  await openExplanation(fixture(), `Now: ${words}`);
  expect(await typeDot(fixture())).not.toBe('');
  await untilStatusSays('Ready');
});

it('says that it is not asked in a document of another scheme, also if the user asks', async () => {
  const { vsCode } = fixture();
  await vsCode.runCommand('Search Editor: New Search Editor');
  await untilStatusSays('Nothing is suggested in search-editor:');
  await untilStatusSays('while you type: VS Code asks Sotto only in files');
  await vsCode.page.locator('.monaco-editor[data-uri^="search-editor:"] .view-lines').click();
  await vsCode.page.locator('.monaco-editor.focused[data-uri^="search-editor:"]').waitFor();
  await vsCode.press('Alt+\\');
  await untilNotified(fixture(), 'VS Code asks Sotto only in files');
});

it('names a file that may hold secrets', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('secrets/.dev.vars', 'A=1\n');
  await vsCode.openFile('secrets/.dev.vars', { line: 1, column: 4 });
  await untilStatusSays('a file of this name or language may hold secrets');
});

if (canLink)
  it('suggests nothing as long as an ignore file cannot be read, says so, and logs which', async () => {
    const { vsCode, writeFile, log, workspace } = fixture();
    const before = (await log()).length;
    writeFile('locked/queue.js', queueSource);
    const ignoreFile = join(workspace, 'locked/.copilotignore');
    symlinkSync(ignoreFile, ignoreFile);
    await vsCode.openFile('locked/queue.js', unfinished);
    await untilStatusSays('an ignore file of the workspace cannot be read');
    await untilLogged(fixture(), /\[warning\].*\.copilotignore: cannot be read/, before);
    await vsCode.type('.');
    await untilLogged(
      fixture(),
      /locked\/queue\.js: nothing is shown: an ignore file of the workspace cannot be read/,
      before,
    );
    await vsCode.press('Alt+\\');
    await untilNotified(fixture(), 'an ignore file of the workspace cannot be read');
  });
