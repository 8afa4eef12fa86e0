/** The ghost text of the bundled model in a real VS Code with the packed extension. */
import { expect, it, onTestFinished } from 'vitest';
import { killedFromOutside } from '../operating-system';
import { useVsCode } from './fixture';
import { enginePid } from './frozen-engine';
import { countModelRuns, typeDot, unfinished, untilLogged } from './steps';
import { until } from './until';
import { appears } from './vs-code';

const fixture = useVsCode();

it('activates without an error in the extension host and without loading the model', async () => {
  const { hostLog, log } = fixture();
  const activation = await until('the activation in the log', async () => {
    const lines = await hostLog();
    return lines.some(line => line.includes('sotto.sotto')) && lines;
  });
  // In the tests' VS Code its native watchdog is not compiled (scripts/install-code-server.mjs).
  const errors = activation.filter(line => line.includes('[error]') && !line.includes('Release/watchdog'));
  expect(errors).toEqual([]);
  expect((await log()).filter(line => line.includes('engine process'))).toEqual([]);
});

it('shows ghost text while typing, and Tab inserts it', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  expect(ghost).not.toBe('');
  await vsCode.press('Tab');
  await vsCode.waitForNoGhostText();
  expect((await vsCode.editorText()).split('\n')[unfinished.line - 1]).toBe(`    this.listeners.${ghost}`);
});

it('keeps the ghost text while the user types its letters, without another model run', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  const runs = await countModelRuns(fixture());
  for (let length = 1; length <= 3; length++) {
    await vsCode.type(ghost[length - 1]!);
    expect(await vsCode.waitForGhostText()).toBe(ghost.slice(length));
  }
  await untilLogged(fixture(), new RegExp(`${ghost.length - 3} characters from the last suggestion`));
  expect(await countModelRuns(fixture())).toBe(runs);
});

it('takes all but the new tokens of the next prompt from the KV cache', async () => {
  const { vsCode, log } = fixture();
  await typeDot(fixture());
  const before = (await log()).length;
  // The ghost text begins differently, so the model must run again.
  await vsCode.type('some');
  const [, prompt, cached] = await untilLogged(fixture(), /prompt (\d+) tokens, (\d+) cached/, before);
  expect(Number(prompt)).toBeGreaterThan(100);
  expect(Number(prompt) - Number(cached)).toBeLessThanOrEqual(3);
});

it('continues a selection, and one undo removes the continuation', async () => {
  const { vsCode, copyExamples } = fixture();
  await vsCode.openFile(`${copyExamples()}/web/queue.js`, { line: unfinished.line, column: 1 });
  await vsCode.press('Shift+End');
  const before = await vsCode.editorText();
  await vsCode.runCommand('Sotto: Complete Selection');
  await untilLogged(fixture(), /complete selection: 1 continuations, inserted/);
  const after = await vsCode.editorText();
  expect(after).not.toBe(before);
  const kept = before.split('\n').slice(0, unfinished.line).join('\n');
  expect(after.startsWith(kept)).toBe(true);
  expect(after.endsWith(before.slice(kept.length))).toBe(true);
  await vsCode.press('ControlOrMeta+z');
  expect(await vsCode.editorText()).toBe(before);
});

it('samples when a temperature is set, and is greedy again without one', async () => {
  const { setSettings } = fixture();
  const greedy = await typeDot(fixture());
  expect(await typeDot(fixture())).toBe(greedy);
  await setSettings({
    'sotto.sampling.temperature': 2,
    'sotto.sampling.topK': 0,
    'sotto.sampling.topP': 1,
    'sotto.sampling.minP': 0,
    'sotto.sampling.seed': 3,
  });
  const drawn = await typeDot(fixture());
  expect(drawn).not.toBe(greedy);
  expect(await typeDot(fixture())).toBe(drawn);
  await setSettings({});
  expect(await typeDot(fixture())).toBe(greedy);
});

it('continues the item that is selected in the suggest widget', async () => {
  const { vsCode, copyExamples, setSettings } = fixture();
  await setSettings({
    'editor.quickSuggestions': { other: 'on' },
    'editor.wordBasedSuggestions': 'currentDocument',
  });
  // VS Code shows no widget if it has no words of the document yet.
  await until('the suggest widget', async () => {
    await vsCode.openFile(`${copyExamples()}/app/stats.py`, { line: 29, column: 5 });
    await vsCode.press('Shift+End');
    await vsCode.type('return medi', { delayMs: 20 });
    return appears(vsCode.page.locator('.suggest-widget.visible .monaco-list-row.focused'), 3_000);
  });
  expect(await vsCode.waitForGhostText()).toMatch(/^an./);
});

it('is silent while it is toggled off', async () => {
  const { vsCode } = fixture();
  await typeDot(fixture());
  await vsCode.press('Escape');
  const offIcon = vsCode.page.locator('[id*="sotto.status"] .codicon-circle-slash');
  onTestFinished(async () => {
    if (await offIcon.isVisible()) await vsCode.runCommand('Sotto: Toggle');
  });
  await vsCode.runCommand('Sotto: Toggle');
  await offIcon.waitFor();
  const runs = await countModelRuns(fixture());
  await vsCode.type('silence');
  await vsCode.runCommand('Sotto: Toggle');
  await offIcon.waitFor({ state: 'detached' });
  expect(await vsCode.ghostText()).toBeUndefined();
  // Sotto answers keys in order: a model run for the keys before would come before this one.
  await typeDot(fixture());
  expect(await countModelRuns(fixture())).toBe(runs + 1);
});

it('starts a new engine process after another program killed it', async () => {
  await typeDot(fixture());
  const killed = await enginePid(fixture());
  const before = (await fixture().log()).length;
  process.kill(killed, 'SIGKILL');
  await untilLogged(fixture(), new RegExp(`ended \\(${killedFromOutside}\\); starts again`), before);
  expect(await typeDot(fixture())).not.toBe('');
  expect(await enginePid(fixture())).not.toBe(killed);
});
