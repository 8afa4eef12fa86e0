/** When there is a suggestion, when there is none and why, in a real VS Code. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explanation } from './explanation';
import { useVsCode } from './fixture';
import { message } from './message';
import { typeDot, unfinished } from './type-dot';
import { until } from './until';

const fixture = useVsCode();
const source = readFileSync('examples/web/queue.js', 'utf8');

it('suggests nothing in a file that may hold secrets, and says so to a user who asks', async () => {
  const { vsCode, writeFile, log } = fixture();
  writeFile('secret/.env', 'TOKEN=');
  await vsCode.openFile('secret/.env', { line: 1, column: 7 });
  const before = (await log()).length;
  await vsCode.type('abc');
  await vsCode.runCommand('Sotto: Trigger Completion');
  await message(fixture(), 'a file of this name may hold secrets');
  expect(await vsCode.ghostText()).toBeUndefined();
  expect((await log()).slice(before).join('\n')).not.toContain('from the model');
});

it('suggests nothing in a file that an ignore file names, until it no longer does', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('.copilotignore', 'ignored/\n');
  writeFile('ignored/queue.js', source);
  await vsCode.openFile('ignored/queue.js', unfinished);
  await vsCode.runCommand('Sotto: Trigger Completion');
  await message(fixture(), 'an ignore file of the workspace names this file');
  writeFile('.copilotignore', 'others/\n');
  // VS Code tells of a changed file when it gets to it.
  const ghost = await until('a suggestion', async () => {
    await vsCode.runCommand('Sotto: Trigger Completion');
    return vsCode.waitForGhostText(2_000).catch(() => undefined);
  });
  expect(ghost).not.toBe('');
});

it('counts and keeps the line ends of a document that has two characters for each', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('crlf/queue.js', source.replaceAll('\n', '\r\n'));
  await vsCode.openFile('crlf/queue.js', unfinished);
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.press('Tab');
  await vsCode.waitForNoGhostText();
  const text = await vsCode.editorText();
  expect(text).toContain(`    this.listeners.${ghost}`);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

it('offers a user who asks several suggestions to cycle through', async () => {
  const { vsCode, writeFile } = fixture();
  // Where nothing speaks for one answer.
  writeFile('cycle/names.js', 'const first = 1;\n\nfunction \n');
  await vsCode.openFile('cycle/names.js', { line: 3, column: 10 });
  await vsCode.runCommand('Sotto: Trigger Completion');
  const first = await vsCode.waitForGhostText();
  await until('another suggestion', async () => {
    await vsCode.press('Alt+]');
    return (await vsCode.waitForGhostText()) === first ? undefined : true;
  });
});

it('explains the last request, and logs none of it', async () => {
  const ghost = await typeDot(fixture());
  const page = await explanation(fixture(), 'as the model sees it:');
  expect(page).toContain('while typing');
  expect(page).toContain(`Shown: ${JSON.stringify(ghost)}`);
  expect((await fixture().log()).join('\n')).not.toContain('this.listeners');
});

it('is not held up by a line of 200,000 characters', async () => {
  const { vsCode, writeFile } = fixture();
  const line = `const data = [${'"abcdefgh", '.repeat(16_700)}];`;
  writeFile('long/data.js', `${line}\nconst next = data\n`);
  await vsCode.openFile('long/data.js', { line: 2, column: 18 });
  await vsCode.type('.');
  await vsCode.runCommand('Sotto: Trigger Completion');
  expect(await explanation(fixture(), 'long/data.js:2:19')).toContain('as the model sees it:');
});
