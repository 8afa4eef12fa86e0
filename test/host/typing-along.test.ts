/** Keys while there is ghost text, in a real VS Code: the user accepts it in part, refuses it, or goes back. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { untilWorking, whileEngineIsFrozen } from './frozen-engine';
import { countModelRuns, typeDot, unfinished, untilLogged } from './steps';
import { until } from './until';
import { keys } from './user-settings';
import { appears } from './vs-code';

const fixture = useVsCode();

/** The line in which `typeDot` types. */
async function dotLine(): Promise<string> {
  return (await fixture().vsCode.editorText()).split('\n')[unfinished.line - 1]!;
}

/** Waits for ghost text other than `old`. */
function waitForOtherGhostText(old: string): Promise<string> {
  return until(`ghost text other than '${old}'`, async () => {
    const ghost = await fixture().vsCode.waitForGhostText();
    return ghost !== old && ghost;
  });
}

it('can be accepted word by word, and keeps showing the rest', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  await vsCode.press('ControlOrMeta+ArrowRight');
  const rest = await waitForOtherGhostText(ghost);
  expect(ghost.endsWith(rest)).toBe(true);
  expect(await dotLine()).toBe(`    this.listeners.${ghost.slice(0, -rest.length)}`);
  await vsCode.press('Tab');
  expect(await dotLine()).toBe(`    this.listeners.${ghost}`);
});

/** Here the model suggests several lines, in a language that is indented with tabs. */
const unfinishedBlock = `package queue

func (q *Queue) Push(item Item) error {
\tif len(q.items) >= q.limit {
\t\treturn errFull
\t}
\tq.items = append(q.items, item)
\tfor _, listener := range q.listeners {
\t\tlistener(item)
\t}
\treturn nil
}

func (q *Queue) PushAll(items []Item) error {
\t
}
`;
const blockLine = 15;

/** Opens the unfinished block under this path and asks for a suggestion. @returns the ghost text */
async function askForBlock(path: string): Promise<string> {
  const { vsCode, writeFile } = fixture();
  writeFile(path, unfinishedBlock);
  await vsCode.openFile(path, { line: blockLine, column: 2 });
  await vsCode.runCommand('Sotto: Trigger Completion');
  return vsCode.waitForGhostText();
}

/** The first `count` lines of the block. */
async function block(count: number): Promise<string> {
  const lines = (await fixture().vsCode.editorText()).split('\n');
  return lines.slice(blockLine - 1, blockLine - 1 + count).join('\n');
}

/** How the document's text looks with the tests' settings. */
const asShown = (text: string) => text.replaceAll('\t', '  ');

it('can be accepted line by line, and keeps showing the lines below', async () => {
  const { vsCode } = fixture();
  const [first, second, ...more] = (await askForBlock('lines/queue.go')).split('\n');
  expect(more).not.toEqual([]);
  await vsCode.press(keys.acceptNextLine);
  await until(
    'the lines below',
    async () => (await vsCode.waitForGhostText()) === [second, ...more].join('\n'),
  );
  await vsCode.press(keys.acceptNextLine);
  expect(asShown(await block(2))).toBe(`  ${first}\n${second}`);
});

it('inserts the lines that it showed, with tabs in a document with tabs', async () => {
  const ghost = await askForBlock('tabs/queue.go');
  const lines = ghost.split('\n');
  expect(lines.length).toBeGreaterThan(1);
  await fixture().vsCode.press('Tab');
  const written = await block(lines.length);
  expect(asShown(written)).toBe(`  ${ghost}`);
  expect(written).not.toMatch(/^\t* /m);
});

it('comes back without another model run when the user deletes a letter that did not match', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  await vsCode.type('q');
  await waitForOtherGhostText(ghost);
  const runs = await countModelRuns(fixture());
  await vsCode.press('Backspace');
  await until('the first ghost text', async () => (await vsCode.waitForGhostText()) === ghost);
  expect(await countModelRuns(fixture())).toBe(runs);
});

it('disappears with Escape without inserting anything, and comes back with the next letter', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  await vsCode.press('Escape');
  await vsCode.waitForNoGhostText();
  expect(await dotLine()).toBe('    this.listeners.');
  await vsCode.type(ghost[0]!);
  expect(await vsCode.waitForGhostText()).toBe(ghost.slice(1));
});

it('is removed completely by one undo, and nothing is suggested until the next key', async () => {
  const { vsCode, log } = fixture();
  const ghost = await typeDot(fixture());
  await vsCode.press('Tab');
  expect(await dotLine()).toBe(`    this.listeners.${ghost}`);
  const before = (await log()).length;
  await vsCode.press('ControlOrMeta+z');
  expect(await dotLine()).toBe('    this.listeners.');
  await untilLogged(fixture(), /nothing is shown: the last change was an undo/, before);
  expect(await vsCode.ghostText()).toBeUndefined();
  await vsCode.type('p');
  expect(await vsCode.waitForGhostText()).not.toBe('');
});

it('can be cycled forward and back, and Tab inserts the suggestion on screen', async () => {
  const { vsCode, writeFile } = fixture();
  // Many names are about equally likely here.
  writeFile('cycle/shapes.js', 'const first = 1;\n\nfunction \n');
  await vsCode.openFile('cycle/shapes.js', { line: 3, column: 10 });
  await vsCode.runCommand('Sotto: Trigger Completion');
  const first = await vsCode.waitForGhostText();
  await vsCode.press('Alt+]');
  const second = await waitForOtherGhostText(first);
  await vsCode.press('Alt+[');
  expect(await waitForOtherGhostText(second)).toBe(first);
  await vsCode.press('Alt+]');
  expect(await waitForOtherGhostText(first)).toBe(second);
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n').slice(2).join('\n')).toBe(`function ${second}\n`);
});

it('does not repeat the bracket that VS Code has closed by itself', async () => {
  const { vsCode, setSettings, copyExamples } = fixture();
  await setSettings({ 'editor.autoClosingBrackets': 'always' });
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
  await vsCode.type('.push(');
  await until('a bracket that VS Code closes', async () =>
    (await vsCode.visibleText()).includes('this.listeners.push()'),
  );
  const ghost = await vsCode.waitForGhostText();
  expect(ghost).not.toBe('');
  await vsCode.press('Tab');
  const line = await dotLine();
  expect(line.startsWith('    this.listeners.push(')).toBe(true);
  expect(line.split(')').length).toBe(line.split('(').length);
});

it('is not shown before a word, unless the user asks', async () => {
  const { vsCode, copyExamples, log } = fixture();
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, { line: unfinished.line, column: 10 });
  const before = (await log()).length;
  await vsCode.type('.');
  await untilLogged(fixture(), /nothing is shown: a word begins or continues/, before);
  expect(await vsCode.ghostText()).toBeUndefined();
  await vsCode.runCommand('Sotto: Trigger Completion');
  expect(await vsCode.waitForGhostText()).not.toBe('');
});

it('continues the item that the arrow keys select in the suggest widget', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  // Both words occur often in the document, so that the model can continue either.
  const lines = ['mean', 'median', 'mean', 'median', 'total'].map(name => `    return ${name}(values)`);
  writeFile('widget/means.py', `${lines.map((line, i) => `def f${i}(values):\n${line}\n`).join('\n')}\n\n`);
  await setSettings({ 'editor.wordBasedSuggestions': 'currentDocument' });
  const focused = vsCode.page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name');
  await until('the suggest widget with several words', async () => {
    await vsCode.openFile('widget/means.py', { line: 16, column: 1 });
    await vsCode.press('Shift+End');
    await vsCode.type('    return m', { delayMs: 20 });
    await vsCode.press('Control+Space');
    return appears(focused, 3_000);
  });
  const seen = new Set<string>();
  for (const _ of [1, 2]) {
    const item = (await focused.textContent())!.trim();
    seen.add(item);
    await until(`ghost text that continues with ${item}`, async () =>
      `m${await vsCode.ghostText()}`.startsWith(item),
    );
    await vsCode.press('ArrowDown');
  }
  expect(seen.size).toBe(2);
});

it('also comes if VS Code shows its own quick suggestions as ghost text', async () => {
  const { vsCode, copyExamples, setSettings } = fixture();
  await setSettings({
    'editor.quickSuggestions': { other: 'inline' },
    'editor.wordBasedSuggestions': 'currentDocument',
  });
  // VS Code asks its own provider first, and shows that word if there is one.
  const word = await until('a word as ghost text', async () => {
    await vsCode.openFile(`${copyExamples()}/app/stats.py`, { line: 29, column: 5 });
    await vsCode.press('Shift+End');
    await vsCode.type('return medi', { delayMs: 20 });
    return vsCode.waitForGhostText(3_000).catch(() => undefined);
  });
  expect(word).toMatch(/^an/);
  expect(await vsCode.page.locator('.suggest-widget.visible').count()).toBe(0);
  expect(await typeDot(fixture())).not.toBe('');
});

it('never delays a key while the engine is frozen, and suggests after the last key', async () => {
  const { vsCode } = fixture();
  await typeDot(fixture());
  await vsCode.press('Escape');
  const typed = 'filter(listener => listener !== undefined).forEach';
  await whileEngineIsFrozen(fixture(), async () => {
    await vsCode.type(typed[0]!);
    await untilWorking(fixture());
    await vsCode.type(typed.slice(1));
    expect(await dotLine()).toBe(`    this.listeners.${typed}`);
  });
  await vsCode.type('(');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  expect(await dotLine()).toBe(`    this.listeners.${typed}(`);
});
