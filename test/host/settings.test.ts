/** Settings that change while a real VS Code runs, and the page that explains their effect. */
import { expect, it } from 'vitest';
import { useVsCode } from './fixture';
import { openExplanation, queueSource, typeDot, unfinished, untilLogged } from './steps';
import { until } from './until';

const fixture = useVsCode();

/** Opens a new file, types at `place`, and waits for the outcome. @returns its line of the log */
async function outcomeOf(
  key: string,
  {
    path,
    text = queueSource,
    place = unfinished,
  }: { path: string; text?: string; place?: typeof unfinished },
): Promise<string> {
  const { vsCode, writeFile, log } = fixture();
  writeFile(path, text);
  await vsCode.openFile(path, place);
  const before = (await log()).length;
  await vsCode.type(key);
  const [line] = await untilLogged(fixture(), /^.*(characters from|nothing is shown).*$/, before);
  return line;
}

it('explains that there was no request yet, and then explains the first one', async () => {
  await openExplanation(fixture(), 'Nothing has been asked yet.');
  await typeDot(fixture());
  const page = await openExplanation(fixture(), 'web/queue.js:24:20  while typing');
  expect(page).not.toContain('Nothing has been');
});

it('suggests in a language that is off only if the user asks, and while typing once it is on', async () => {
  const { vsCode, writeFile, setSettings, log } = fixture();
  const prose = '# Queue\n\nThe queue calls `push(item)` and then `pop()';
  writeFile('prose/queue.md', `${prose}\n`);
  await vsCode.openFile('prose/queue.md', { line: 3, column: prose.split('\n')[2]!.length + 1 });
  const before = (await log()).length;
  await vsCode.type('`');
  await untilLogged(fixture(), /turned off for this language/, before);
  await vsCode.runCommand('Sotto: Trigger Completion');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await vsCode.press('Escape');
  await setSettings({ 'sotto.languages': { markdown: true } });
  // The model may have no suggestion after one space.
  await until('ghost text while typing', async () => {
    await vsCode.type(' ');
    return vsCode.waitForGhostText(1_000).catch(() => undefined);
  });
});

it('suggests a copy from the same file without a model run, unless the setting is off', async () => {
  const { vsCode, setSettings } = fixture();
  const start = "export const first = collect('a', 1);\nexport const second = collect('a', 1);\n";
  const line = 'export const third = ';
  const third = { text: `${start}${line}\n`, place: { line: 3, column: line.length + 1 } };
  await setSettings({ 'sotto.copies': true });
  expect(await outcomeOf('c', { path: 'copies/on.js', ...third })).toContain('from a copy');
  expect(await vsCode.waitForGhostText()).toMatch(/^ollect/);
  await setSettings({});
  expect(await outcomeOf('c', { path: 'copies/off.js', ...third })).toContain('from the model');
});

it('shows less with a higher minimum confidence and says why, but shows everything if the user asks', async () => {
  const { vsCode, setSettings } = fixture();
  await setSettings({ 'sotto.minConfidence': 1 });
  const outcome = await outcomeOf('.', { path: 'sure/queue.js' });
  expect(outcome).toContain('nothing is shown: the model is not sure enough');
  expect(await vsCode.ghostText()).toBeUndefined();
  await vsCode.runCommand('Sotto: Trigger Completion');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await setSettings({});
  expect(await outcomeOf('.', { path: 'unsure/queue.js' })).toContain('characters from the model');
  expect(await vsCode.waitForGhostText()).not.toBe('');
});

it('names a value that is out of range once, and suggests again when it is corrected', async () => {
  const { vsCode, setSettings, writeFile, log } = fixture();
  const before = (await log()).length;
  const fault = /\[error\].*setting sotto\.maxTokens: found 100000, expected 1 to 512/;
  await setSettings({ 'sotto.maxTokens': 100_000 });
  writeFile('wrong/queue.js', queueSource);
  await vsCode.openFile('wrong/queue.js', unfinished);
  await vsCode.type('.');
  await untilLogged(fixture(), fault, before);
  await vsCode.type('push');
  expect(await vsCode.ghostText()).toBeUndefined();
  expect(await vsCode.statusBarLabel('sotto.status')).toContain('setting sotto.maxTokens: found 100000');
  await setSettings({});
  expect(await outcomeOf('.', { path: 'corrected/queue.js' })).toContain('characters from the model');
  expect((await log()).slice(before).filter(line => fault.test(line))).toHaveLength(1);
  expect(await vsCode.statusBarLabel('sotto.status')).toContain('Ready');
});

it('generates no more tokens than the setting allows', async () => {
  const { setSettings } = fixture();
  await setSettings({ 'sotto.maxTokens': 2 });
  expect(await outcomeOf('.', { path: 'short/queue.js' })).toContain(' 2 generated (max-tokens)');
  await setSettings({});
  expect(await outcomeOf('.', { path: 'long/queue.js' })).toContain('generated (scope-end)');
});

it('is off if the settings of the workspace say so, and the toggle changes those settings', async () => {
  const { vsCode, writeFile } = fixture();
  const offIcon = vsCode.page.locator('[id*="sotto.status"] .codicon-circle-slash');
  writeFile('.vscode/settings.json', '{ "sotto.enable": false }');
  await offIcon.waitFor();
  expect(await outcomeOf('.', { path: 'off/queue.js' })).toContain('suggestions while typing are turned off');
  await vsCode.runCommand('Sotto: Toggle');
  await offIcon.waitFor({ state: 'detached' });
  await vsCode.openFile('.vscode/settings.json');
  expect(JSON.parse(await vsCode.editorText())).toEqual({ 'sotto.enable': true });
  expect(await typeDot(fixture())).not.toBe('');
});
