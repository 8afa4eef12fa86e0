/** Kinds of documents in a real VS Code: which of them get suggestions, and how large documents behave. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder';
import { useVsCode } from './fixture';
import { msToGhostText, queueSource, typeDot, unfinished, untilLogged } from './steps';
import { until } from './until';

const fixture = useVsCode();

it('suggests in an untitled document once it has a language that is turned on', async () => {
  const { vsCode, log } = fixture();
  await vsCode.openUntitled();
  const before = (await log()).length;
  await vsCode.type('const items = [];\nitems');
  await untilLogged(fixture(), /Untitled-1: nothing is shown: .* turned off for this language/, before);
  await vsCode.runCommand('Change Language Mode');
  await vsCode.type('JavaScript');
  await vsCode.press('Enter');
  await vsCode.page.locator('.statusbar-item', { hasText: 'JavaScript' }).first().waitFor();
  await vsCode.page.locator('.monaco-editor.focused').waitFor();
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.press('Tab');
  await until('the suggestion in the document', async () =>
    (await vsCode.visibleText()).startsWith(`const items = [];\nitems.${ghost}`),
  );
});

it('is not asked in a read-only document', async () => {
  const { vsCode, writeFile, setSettings, log } = fixture();
  await setSettings({ 'files.readonlyInclude': { '**/locked/**': true } });
  const before = (await log()).length;
  writeFile('locked/queue.js', queueSource);
  await vsCode.openFile('locked/queue.js', unfinished);
  await vsCode.type('.');
  await vsCode.page.locator('.monaco-editor-overlaymessage', { hasText: 'read-only' }).waitFor();
  await vsCode.press('Alt+\\');
  await vsCode.type('.');
  // Sotto answers requests in order: an answer for the locked file would come before this one.
  await typeDot(fixture());
  // Its prompt may be read ahead: VS Code does not tell an extension that a document is read-only.
  const ofLocked = (await log()).slice(before).filter(line => line.includes('locked/'));
  expect(ofLocked.filter(line => !line.includes('prompt read ahead'))).toEqual([]);
});

const cell = (text: string) => ({
  cell_type: 'code',
  execution_count: null,
  metadata: {},
  outputs: [],
  source: text.split(/(?<=\n)/),
});

/** Writes a notebook of two cells, opens it and puts the cursor at the end of its second cell. */
async function openNotebook(path: string): Promise<void> {
  const { vsCode, writeFile } = fixture();
  const cells = [
    cell('values = [3, 1, 2]\nordered = sorted(values)'),
    cell('def mean(values):\n    return sum'),
  ];
  writeFile(
    path,
    JSON.stringify({
      cells,
      metadata: { language_info: { name: 'python' } },
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  await vsCode.openNotebook(path, 2);
}

it('suggests in the cells of a notebook', async () => {
  const { vsCode } = fixture();
  await openNotebook('notebook/means.ipynb');
  await vsCode.type('(');
  const ghost = await vsCode.waitForGhostText();
  expect(ghost).not.toBe('');
  await vsCode.press('Tab');
  await until(
    'the suggestion in the cell',
    async () => (await vsCode.visibleText()) === `def mean(values):\n    return sum(${ghost}`,
  );
});

it('suggests nothing in the cells of a notebook that an ignore file names', async () => {
  const { vsCode, writeFile, log } = fixture();
  writeFile('.copilotignore', 'private/\n');
  const before = (await log()).length;
  await openNotebook('private/means.ipynb');
  await vsCode.type('(');
  await untilLogged(fixture(), /means.ipynb: nothing is shown: an ignore file/, before);
  expect(await vsCode.ghostText()).toBeUndefined();
});

it('suggests in a file outside the workspace', async () => {
  const { vsCode } = fixture();
  const path = join(temporaryFolder(), 'queue.js');
  writeFileSync(path, queueSource);
  await vsCode.openFile(path, unfinished);
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.press('Tab');
  expect(await vsCode.editorText()).toContain(`    this.listeners.${ghost}\n`);
});

it('answers a key in the middle of 5 MB of code, where VS Code does not colour ghost text', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  // To colour ghost text, VS Code tokenizes all lines above it at once. Its window then freezes for seconds.
  await setSettings({ 'editor.inlineSuggest.syntaxHighlightingEnabled': false });
  const classes = (count: number) =>
    Array.from({ length: count }, (_, index) => queueSource.replaceAll('Queue', `Queue${index}`)).join('\n');
  const half = classes(Math.ceil(2_500_000 / queueSource.length));
  expect(Buffer.byteLength(half) * 2).toBeGreaterThan(5_000_000);
  writeFile('large/queues.js', `${half}\n${queueSource}\n${half}`);
  const line = half.split('\n').length + unfinished.line;
  await vsCode.openFile('large/queues.js', { line, column: unfinished.column });
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    // Another class in each round: then no answer comes from memory, and there is no ghost text before the key.
    await vsCode.goTo(line - round * queueSource.split('\n').length, unfinished.column);
    times.push(await msToGhostText(fixture(), '.'));
  }
  console.log(`5 MB: ${times.map(time => time.toFixed(0)).join(', ')} ms from key to ghost text`);
  expect(Math.max(...times)).toBeLessThan(10_000);
});

it('suggests nothing in a line of 200,000 characters and says why, but answers if the user asks', async () => {
  const { vsCode, writeFile, log } = fixture();
  const line = `const data = [${'"abcdefgh", '.repeat(16_700)}].map(text => text`;
  writeFile('endless/data.js', `${line}\n`);
  await vsCode.openFile('endless/data.js', { line: 1, column: line.length + 1 });
  const before = (await log()).length;
  await vsCode.type('.');
  await untilLogged(fixture(), /nothing is shown: the line is too long/, before);
  await vsCode.runCommand('Sotto: Trigger Completion');
  await untilLogged(
    fixture(),
    /endless\/data\.js: .*(from the model|nothing is shown: (?!the line))/,
    before,
  );
});

it('says why it suggests nothing if there is no text before the cursor', async () => {
  const { vsCode, writeFile, log } = fixture();
  writeFile('empty/empty.js', '\n\n');
  await vsCode.openFile('empty/empty.js', { line: 2, column: 1 });
  const before = (await log()).length;
  await vsCode.runCommand('Sotto: Trigger Completion');
  await untilLogged(fixture(), /nothing is shown: there is no text before the cursor/, before);
});

it('inserts the suggestion that it showed after emoji, combining marks and right-to-left text', async () => {
  const { vsCode, writeFile } = fixture();
  const odd = "const text = ['👩‍👩‍👧‍👦 🎉', 'e\u0301', 'שלום'];";
  writeFile('odd/text.js', `${odd}\nfor (const word of text) console.log(word);\n${odd} text\n`);
  await vsCode.openFile('odd/text.js', { line: 3, column: `${odd} text`.length + 1 });
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n')[2]).toBe(`${odd} text.${ghost}`);
});

it('shows ghost text only in the editor with the cursor if two editors show the same file', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.splitEditorRight();
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  const inAll = vsCode.page.locator('.view-lines [class*=ghost-text-decoration]');
  const inActive = vsCode.page.locator(
    '.editor-group-container.active .view-lines [class*=ghost-text-decoration]',
  );
  expect(await inAll.count()).toBe(await inActive.count());
  await vsCode.press('Tab');
  const both = vsCode.page.locator('.view-line', { hasText: `this.listeners.${ghost}` });
  await until('the suggestion in both editors', async () => (await both.count()) === 2);
});
