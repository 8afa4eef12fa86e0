/** What a user sees, in a real VS Code with the packed extension, computed by the bundled model. */
import { expect, it } from 'vitest';
import { killedFromOutside } from '../operating-system';
import { untilLogged, useVsCode } from './fixture';
import { enginePid } from './frozen-engine';
import { modelRuns } from './model-runs';
import { typeDot, unfinished } from './type-dot';
import { until } from './until';

const fixture = useVsCode();

it('activates without an error in the extension host and without loading the model', async () => {
  const { hostLog, log } = fixture();
  const activation = await until('the activation in the log', async () => {
    const lines = await hostLog();
    return lines.some(line => line.includes('sotto.sotto')) ? lines : undefined;
  });
  // VS Code's own native watchdog is not built in the tests' installation (scripts/install-code-server.mjs).
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

it('keeps the ghost text while its own letters are typed, without another model run', async () => {
  const { vsCode } = fixture();
  const ghost = await typeDot(fixture());
  const runs = await modelRuns(fixture());
  for (let length = 1; length <= 3; length++) {
    await vsCode.type(ghost[length - 1]!);
    expect(await vsCode.waitForGhostText()).toBe(ghost.slice(length));
  }
  await untilLogged(fixture(), new RegExp(`${ghost.length - 3} characters from the last-suggestion`));
  expect(await modelRuns(fixture())).toBe(runs);
});

it('serves a further keystroke from the cache but for the new tokens', async () => {
  const { vsCode, log } = fixture();
  await typeDot(fixture());
  const before = (await log()).length;
  // Not what the ghost text says, so the model must run again.
  await vsCode.type('some');
  const [, prompt, cached] = await untilLogged(fixture(), /prompt (\d+) tokens, (\d+) cached/, before);
  expect(Number(prompt)).toBeGreaterThan(100);
  expect(Number(prompt) - Number(cached)).toBeLessThanOrEqual(3);
});

it('continues a selection, and one undo takes it back', async () => {
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

it('draws from the distribution once a temperature is set', async () => {
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

it('goes on from the item that the suggest widget has selected', async () => {
  const { vsCode, copyExamples, setSettings } = fixture();
  await setSettings({
    'editor.quickSuggestions': { other: 'on' },
    'editor.wordBasedSuggestions': 'currentDocument',
  });
  // A setting takes a moment to arrive: the words of the document show that it has.
  await until('the suggest widget', async () => {
    await vsCode.openFile(`${copyExamples()}/app/stats.py`, { line: 19, column: 5 });
    await vsCode.press('Shift+End');
    await vsCode.type('return medi', { delayMs: 20 });
    const widget = vsCode.page.locator('.suggest-widget.visible .monaco-list-row.focused');
    return widget.waitFor({ timeout: 3000 }).then(
      () => true,
      () => undefined,
    );
  });
  expect(await vsCode.waitForGhostText()).toMatch(/^an./);
  await vsCode.press('Escape');
  await setSettings({});
});

it('is silent while it is toggled off', async () => {
  const { vsCode } = fixture();
  const ready = await vsCode.statusBarText('sotto.status');
  await typeDot(fixture());
  await vsCode.press('Escape');
  const statusSays = (text: string | undefined) =>
    until(`the status bar item '${text}'`, async () =>
      (await vsCode.page.locator('[id*="sotto.status"] .codicon-circle-slash').count()) > 0 ===
      (text === 'off')
        ? true
        : undefined,
    );
  await vsCode.runCommand('Sotto: Toggle');
  await statusSays('off');
  const runs = await modelRuns(fixture());
  await vsCode.type('silence');
  await vsCode.runCommand('Sotto: Toggle');
  await statusSays(ready);
  expect(await vsCode.ghostText()).toBeUndefined();
  // Keystrokes are answered in order: had those before been asked about, their runs would come before this one's.
  await typeDot(fixture());
  expect(await modelRuns(fixture())).toBe(runs + 1);
});

it('survives the death of the engine process', async () => {
  await typeDot(fixture());
  const killed = await enginePid(fixture());
  const before = (await fixture().log()).length;
  process.kill(killed, 'SIGKILL');
  await untilLogged(fixture(), new RegExp(`ended \\(${killedFromOutside}\\); starts again`), before);
  expect(await typeDot(fixture())).not.toBe('');
  expect(await enginePid(fixture())).not.toBe(killed);
});
