/** Typing while there is ghost text, in a real VS Code: taking it in part, refusing it, going back. */
import { expect, it } from 'vitest';
import { untilLogged, useVsCode } from './fixture';
import { untilWorking, whileEngineIsFrozen } from './frozen-engine';
import { modelRuns } from './model-runs';
import { typeDot, unfinished } from './type-dot';
import { until } from './until';

const fixture = useVsCode();

/** The line that `typeDot` goes on with. */
async function dotLine(): Promise<string> {
  return (await fixture().vsCode.editorText()).split('\n')[unfinished.line - 1]!;
}

/** Waits for ghost text that is something else. */
function ghostTextBeside(other: string): Promise<string> {
  return until(`ghost text other than '${other}'`, async () => {
    const ghost = await fixture().vsCode.waitForGhostText();
    return ghost === other ? undefined : ghost;
  });
}

it('is accepted a word at a time, and goes on showing the rest', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  await vsCode.press('ControlOrMeta+ArrowRight');
  const rest = await ghostTextBeside(ghost);
  expect(ghost.endsWith(rest)).toBe(true);
  expect(await dotLine()).toBe(`    this.listeners.${ghost.slice(0, -rest.length)}`);
  await vsCode.press('Tab');
  expect(await dotLine()).toBe(`    this.listeners.${ghost}`);
});

/** Where the model has several lines to say, in a language that is written with tabs. */
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

/** Opens the unfinished block under this path and asks. @returns the ghost text */
async function askForBlock(path: string): Promise<string> {
  const { vsCode, writeFile } = fixture();
  writeFile(path, unfinishedBlock);
  await vsCode.openFile(path, { line: blockLine, column: 2 });
  await vsCode.runCommand('Sotto: Trigger Completion');
  return vsCode.waitForGhostText();
}

/** What stands from the block's line on, `count` lines. */
async function block(count: number): Promise<string> {
  const lines = (await fixture().vsCode.editorText()).split('\n');
  return lines.slice(blockLine - 1, blockLine - 1 + count).join('\n');
}

/** The document's text as it looks under the tests' settings. */
const asShown = (text: string) => text.replaceAll('\t', '  ');

it('is accepted a line at a time, and goes on showing the lines below', async () => {
  const { vsCode } = fixture();
  const [first, second, ...more] = (await askForBlock('lines/queue.go')).split('\n');
  expect(more).not.toEqual([]);
  await vsCode.press('Alt+l');
  await until('the lines below', async () => {
    const rest = (await vsCode.waitForGhostText()).split('\n');
    return rest.join('\n') === [second, ...more].join('\n') ? true : undefined;
  });
  await vsCode.press('Alt+l');
  expect(asShown(await block(2))).toBe(`  ${first}\n${second}`);
});

it('inserts the lines that it showed, indented with tabs as the document is', async () => {
  const ghost = await askForBlock('tabs/queue.go');
  const lines = ghost.split('\n');
  expect(lines.length).toBeGreaterThan(1);
  await fixture().vsCode.press('Tab');
  const written = await block(lines.length);
  expect(asShown(written)).toBe(`  ${ghost}`);
  expect(written).not.toMatch(/^\t* /m);
});

it('comes back without another model run when what was typed otherwise is deleted', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  await vsCode.type('q');
  await ghostTextBeside(ghost);
  const runs = await modelRuns(fixture());
  await vsCode.press('Backspace');
  await until('the ghost text of before', async () =>
    (await vsCode.waitForGhostText()) === ghost ? true : undefined,
  );
  expect(await modelRuns(fixture())).toBe(runs);
});

it('goes at Escape, inserts nothing, and comes with the next letter', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  await vsCode.press('Escape');
  await vsCode.waitForNoGhostText();
  expect(await dotLine()).toBe('    this.listeners.');
  await vsCode.type(ghost[0]!);
  expect(await vsCode.waitForGhostText()).toBe(ghost.slice(1));
});

it('is taken back whole by one undo, and nothing is suggested then until the next key', async () => {
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

it('is cycled through there and back, and Tab inserts the one that is shown', async () => {
  const { vsCode, writeFile } = fixture();
  // Where nothing speaks for one answer.
  writeFile('cycle/shapes.js', 'const first = 1;\n\nfunction \n');
  await vsCode.openFile('cycle/shapes.js', { line: 3, column: 10 });
  await vsCode.runCommand('Sotto: Trigger Completion');
  const first = await vsCode.waitForGhostText();
  await vsCode.press('Alt+]');
  const second = await ghostTextBeside(first);
  await vsCode.press('Alt+[');
  expect(await ghostTextBeside(second)).toBe(first);
  await vsCode.press('Alt+]');
  expect(await ghostTextBeside(first)).toBe(second);
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n').slice(2).join('\n')).toBe(`function ${second}\n`);
});

it('does not double the bracket that VS Code has closed by itself', async () => {
  const { vsCode, setSettings, copyExamples } = fixture();
  await setSettings({ 'editor.autoClosingBrackets': 'always' });
  // A setting takes a moment to arrive: the second bracket shows that it has.
  await until('a bracket that VS Code closes', async () => {
    await vsCode.openFile(`${copyExamples()}/web/queue.js`, unfinished);
    await vsCode.type('.push(');
    return (await vsCode.visibleText()).includes('this.listeners.push()') ? true : undefined;
  });
  const ghost = await vsCode.waitForGhostText();
  expect(ghost).not.toBe('');
  await vsCode.press('Tab');
  const line = await dotLine();
  expect(line.startsWith('    this.listeners.push(')).toBe(true);
  expect(line.split(')').length).toBe(line.split('(').length);
  await setSettings({});
});

it('is not shown before a word, unless the user asks', async () => {
  const { vsCode, copyExamples, log } = fixture();
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, { line: unfinished.line, column: 10 });
  const before = (await log()).length;
  await vsCode.type('.');
  await untilLogged(fixture(), /nothing is shown: a word begins or goes on/, before);
  expect(await vsCode.ghostText()).toBeUndefined();
  await vsCode.runCommand('Sotto: Trigger Completion');
  expect(await vsCode.waitForGhostText()).not.toBe('');
});

it('follows the item that the arrow keys select in the suggest widget', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  // The document says how either word goes on, whatever the model would.
  const lines = ['mean', 'median', 'mean', 'median', 'total'].map(name => `    return ${name}(values)`);
  writeFile('widget/means.py', `${lines.map((line, i) => `def f${i}(values):\n${line}\n`).join('\n')}\n\n`);
  await setSettings({ 'editor.wordBasedSuggestions': 'currentDocument' });
  const focused = vsCode.page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name');
  await until('the suggest widget with several words', async () => {
    await vsCode.openFile('widget/means.py', { line: 16, column: 1 });
    await vsCode.press('Shift+End');
    await vsCode.type('    return m', { delayMs: 20 });
    await vsCode.press('Control+Space');
    return focused.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => undefined,
    );
  });
  const seen = new Set<string>();
  for (const _ of [1, 2]) {
    const item = (await focused.textContent())!.trim();
    seen.add(item);
    await until(`ghost text that goes on with ${item}`, async () =>
      `m${await vsCode.ghostText()}`.startsWith(item) ? true : undefined,
    );
    await vsCode.press('ArrowDown');
  }
  expect(seen.size).toBe(2);
  await vsCode.press('Escape');
  await setSettings({});
});

it('comes beside quick suggestions that VS Code draws as ghost text itself', async () => {
  const { vsCode, copyExamples, setSettings } = fixture();
  await setSettings({
    'editor.quickSuggestions': { other: 'inline' },
    'editor.wordBasedSuggestions': 'currentDocument',
  });
  // VS Code asks itself first, and shows the word where it has one.
  const word = await until('a word as ghost text', async () => {
    await vsCode.openFile(`${copyExamples()}/app/stats.py`, { line: 19, column: 5 });
    await vsCode.press('Shift+End');
    await vsCode.type('return medi', { delayMs: 20 });
    return vsCode.waitForGhostText(3_000).catch(() => undefined);
  });
  expect(word).toMatch(/^an/);
  expect(await vsCode.page.locator('.suggest-widget.visible').count()).toBe(0);
  expect(await typeDot(fixture())).not.toBe('');
  await setSettings({});
});

it('lets every key through while the engine stands still, and suggests after the last', async () => {
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
