/** When Sotto suggests something, and when it does not and why, in a real VS Code. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { openExplanation, queueSource, typeDot, unfinished, untilLogged, untilNotified } from './steps';
import { until } from './until';

const fixture = useVsCode();

it('suggests nothing in a file that may hold secrets, and says so if the user asks', async () => {
  const { vsCode, writeFile, log } = fixture();
  writeFile('secret/.env', 'TOKEN=');
  await vsCode.openFile('secret/.env', { line: 1, column: 7 });
  const before = (await log()).length;
  await vsCode.type('abc');
  await vsCode.runCommand('Sotto: Trigger Completion');
  await untilNotified(fixture(), 'a file of this name or language may hold secrets');
  expect(await vsCode.ghostText()).toBeUndefined();
  expect((await log()).slice(before).join('\n')).not.toContain('from the model');
});

it('suggests nothing in a file that an ignore file names, until the ignore file no longer names it', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('.copilotignore', 'ignored/\n');
  writeFile('ignored/queue.js', queueSource);
  await vsCode.openFile('ignored/queue.js', unfinished);
  await vsCode.runCommand('Sotto: Trigger Completion');
  await untilNotified(fixture(), 'an ignore file of the workspace names this file');
  writeFile('.copilotignore', 'others/\n');
  // VS Code notices a changed file some time later.
  const ghost = await until('a suggestion', async () => {
    await vsCode.runCommand('Sotto: Trigger Completion');
    return vsCode.waitForGhostText(2_000).catch(() => undefined);
  });
  expect(ghost).not.toBe('');
});

it('inserts at the right place in a document with CRLF, and keeps its line ends', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('crlf/queue.js', queueSource.replaceAll('\n', '\r\n'));
  await vsCode.openFile('crlf/queue.js', unfinished);
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.press('Tab');
  await vsCode.waitForNoGhostText();
  const text = await vsCode.editorText();
  expect(text).toContain(`    this.listeners.${ghost}`);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

it('offers several suggestions to cycle through if the user asks', async () => {
  const { vsCode, writeFile } = fixture();
  // Many names are about equally likely here.
  writeFile('cycle/names.js', 'const first = 1;\n\nfunction \n');
  await vsCode.openFile('cycle/names.js', { line: 3, column: 10 });
  await vsCode.runCommand('Sotto: Trigger Completion');
  const first = await vsCode.waitForGhostText();
  await until('another suggestion', async () => {
    await vsCode.press('Alt+]');
    return (await vsCode.waitForGhostText()) !== first;
  });
});

it('explains the last request with the text of the document, and does not log that text', async () => {
  const ghost = await typeDot(fixture());
  const page = await openExplanation(fixture(), 'as the model sees it:');
  expect(page).toContain('while typing');
  expect(page).toContain(`Shown: ${JSON.stringify(ghost)}`);
  expect((await fixture().log()).join('\n')).not.toContain('this.listeners');
});

it('asks the model below a line of 200,000 characters', async () => {
  const { vsCode, writeFile } = fixture();
  const line = `const data = [${'"abcdefgh", '.repeat(16_700)}];`;
  writeFile('long/data.js', `${line}\nconst next = data\n`);
  await vsCode.openFile('long/data.js', { line: 2, column: 18 });
  await vsCode.type('.');
  await vsCode.runCommand('Sotto: Trigger Completion');
  // The page tells of the requests that have arrived when it is opened.
  await untilLogged(fixture(), /long\/data\.js: /);
  expect(await openExplanation(fixture(), 'long/data.js:2:19')).toContain('as the model sees it:');
});
