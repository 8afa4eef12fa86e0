/** Several cursors and the command 'Complete Selection', in a real VS Code. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { untilWorking, whileEngineIsFrozen } from './frozen-engine';
import { openExplanation, typeDot, unfinished, untilLogged, untilNotified } from './steps';
import { until } from './until';

const fixture = useVsCode();
const command = 'Sotto: Complete Selection';

/**
 * Opens a file with two unfinished lines, the first one selected and a second cursor on the other.
 * @returns the text of the file
 */
async function openWithTwoCursors(path: string): Promise<string> {
  const { vsCode, writeFile } = fixture();
  const text = 'const items = [1, 2];\nitems\nconst names = ["a"];\nnames\n';
  writeFile(path, text);
  await vsCode.openFile(path, { line: 2, column: 1 });
  await vsCode.press('Shift+End');
  const line = vsCode.page.locator('.view-line').nth(3);
  await line.click({ modifiers: ['Alt'], position: { x: 200, y: 5 } });
  await until('two cursors', async () => (await vsCode.page.locator('.cursors-layer .cursor').count()) === 2);
  return text;
}

it('asks once for several cursors, and Tab inserts at each of them what it showed there', async () => {
  const { vsCode, log } = fixture();
  await openWithTwoCursors('cursors/two.js');
  await vsCode.press('End');
  const before = (await log()).length;
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  expect((await log()).slice(before).filter(line => line.includes('cursors/two.js'))).toHaveLength(1);
  await vsCode.press('Tab');
  const lines = (await vsCode.editorText()).split('\n');
  const [first, second] = [lines[1]!.slice('items.'.length), lines[3]!.slice('names.'.length)];
  expect(second).toBe(first);
  expect(ghost).toBe(first + second);
});

it('continues every selection in one edit, and one undo removes all continuations', async () => {
  const { vsCode, log } = fixture();
  const text = await openWithTwoCursors('cursors/selections.js');
  const before = (await log()).length;
  await vsCode.runCommand(command);
  await untilLogged(fixture(), /complete selection: 2 continuations, inserted/, before);
  const after = (await vsCode.editorText()).split('\n');
  expect(after.length).toBeGreaterThanOrEqual(5);
  expect(after[1]).toMatch(/^items./);
  expect(after.filter(line => /^names./.test(line))).toHaveLength(1);
  await vsCode.press('ControlOrMeta+z');
  expect(await vsCode.editorText()).toBe(text);
});

it('inserts nothing when the user cancels it, and works the next time', async () => {
  const { vsCode, log } = fixture();
  await typeDot(fixture());
  const before = await vsCode.editorText();
  const lines = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await vsCode.runCommand(command);
    await untilWorking(fixture());
    const notification = vsCode.page.locator('.notification-list-item', { hasText: 'Sotto: completing' });
    await notification.hover();
    await notification.getByRole('button', { name: 'Cancel' }).click();
    await notification.waitFor({ state: 'hidden' });
  });
  await vsCode.runCommand(command);
  await untilLogged(fixture(), /complete selection: 1 continuations, inserted/, lines);
  expect((await log()).slice(lines).filter(line => line.includes('continuations'))).toHaveLength(1);
  await vsCode.press('ControlOrMeta+z');
  expect(await vsCode.editorText()).toBe(before);
});

it('inserts nothing if the document changes during the request, and says so', async () => {
  const { vsCode } = fixture();
  await typeDot(fixture());
  await vsCode.press('Escape');
  await whileEngineIsFrozen(fixture(), async () => {
    await vsCode.runCommand(command);
    await untilWorking(fixture());
    await vsCode.type('x');
  });
  await untilNotified(fixture(), 'Sotto inserted nothing: the document has changed.');
  expect((await vsCode.editorText()).split('\n')[unfinished.line - 1]).toBe('    this.listeners.x');
});

it('inserts nothing if the user opens another file during the request, and says so', async () => {
  const { vsCode, copyExamples } = fixture();
  const folder = copyExamples();
  await typeDot(fixture());
  await vsCode.press('Escape');
  await vsCode.editorText();
  await whileEngineIsFrozen(fixture(), async () => {
    await vsCode.runCommand(command);
    await untilWorking(fixture());
    await vsCode.runCommand('View: Close Editor');
    await vsCode.openFile(`${folder}/app/stats.py`);
  });
  await untilNotified(fixture(), 'Sotto inserted nothing: the editor shows another file now.');
  expect(await vsCode.editorText()).not.toContain('this.');
});

it('inserts nothing in a file that may hold secrets, and says so', async () => {
  const { vsCode, writeFile } = fixture();
  writeFile('secret/.env.local', 'TOKEN=\n');
  await vsCode.openFile('secret/.env.local', { line: 1, column: 7 });
  await vsCode.runCommand(command);
  await untilNotified(fixture(), 'a file of this name or language may hold secrets');
  expect(await vsCode.editorText()).toBe('TOKEN=\n');
});

it("is among the requests on the page 'Explain Last Request'", async () => {
  const { vsCode, copyExamples, log } = fixture();
  const folder = copyExamples();
  await vsCode.openFile(`${folder}/web/queue.js`, unfinished);
  const before = (await log()).length;
  await vsCode.runCommand(command);
  await untilLogged(fixture(), /complete selection: /, before);
  const page = await openExplanation(fixture(), `${folder}/web/queue.js:24:19  asked for`);
  expect(page).toContain('a block is wanted');
});
