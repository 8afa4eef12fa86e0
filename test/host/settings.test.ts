/** Settings that change while a real VS Code runs, and the page that explains what they did. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explanation } from './explanation';
import { untilLogged, useVsCode } from './fixture';
import { typeDot, unfinished } from './type-dot';
import { until } from './until';

const fixture = useVsCode();
const source = readFileSync('examples/web/queue.js', 'utf8');

/** Opens a fresh file and types the dot until the log says this of it: a setting takes a moment to arrive. */
async function typeDotUntil(folder: string, pattern: RegExp): Promise<void> {
  const { vsCode, writeFile, log } = fixture();
  let round = 0;
  await until(`a log line ${pattern}`, async () => {
    const path = `${folder}-${round++}/queue.js`;
    writeFile(path, source);
    await vsCode.openFile(path, unfinished);
    const before = (await log()).length;
    await vsCode.type('.');
    const [line] = await untilLogged(fixture(), /^.*(characters from|nothing is shown|\[error\]).*$/, before);
    return pattern.test(line) ? true : undefined;
  });
}

it('explains that nothing has been asked yet, and the next time what has', async () => {
  await explanation(fixture(), 'Nothing has been asked yet.');
  await typeDot(fixture());
  expect(await explanation(fixture(), 'web/queue.js:24:20  while typing')).not.toContain('Nothing has been');
});

it('is silent in a language that is off unless asked, and suggests once it is on', async () => {
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
  await until('ghost text while typing', async () => {
    await vsCode.type(' ');
    return vsCode.waitForGhostText(1_000).catch(() => undefined);
  });
  await setSettings({});
});

it('shows at once what the file says elsewhere, without the model, unless told otherwise', async () => {
  const { vsCode, writeFile, setSettings } = fixture();
  const start = "export const first = collect('a', 1);\nexport const second = collect('a', 1);\n";
  const type = async (path: string) => {
    writeFile(path, `${start}export const third = \n`);
    await vsCode.openFile(path, { line: 3, column: 'export const third = '.length + 1 });
    const before = (await fixture().log()).length;
    await vsCode.type('c');
    return untilLogged(fixture(), /^.*(characters from|nothing is shown).*$/, before);
  };
  await setSettings({ 'sotto.copies': true });
  await until('a copy', async () => {
    const [line] = await type(`copies/${Math.random()}.js`);
    return line.includes('from the copy') || undefined;
  });
  expect(await vsCode.waitForGhostText()).toMatch(/^ollect/);
  await setSettings({});
  await until('an answer of the model', async () => {
    const [line] = await type(`copies/${Math.random()}.js`);
    return line.includes('from the model') || undefined;
  });
});

it('shows less the surer it has to be, says so, and shows everything to who asks', async () => {
  const { vsCode, setSettings } = fixture();
  await setSettings({ 'sotto.minConfidence': 1 });
  await typeDotUntil('sure', /nothing is shown: the model is not sure enough/);
  expect(await vsCode.ghostText()).toBeUndefined();
  await vsCode.runCommand('Sotto: Trigger Completion');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  await setSettings({});
  await typeDotUntil('unsure', /characters from the model/);
  expect(await vsCode.waitForGhostText()).not.toBe('');
});

it('names a value that is out of range once, and goes on when it is mended', async () => {
  const { vsCode, setSettings, log } = fixture();
  const before = (await log()).length;
  const fault = /\[error\].*setting sotto\.maxTokens: found 100000, expected 1 to 512/;
  await setSettings({ 'sotto.maxTokens': 100_000 });
  await typeDotUntil('wrong', fault);
  await vsCode.type('push');
  expect(await vsCode.ghostText()).toBeUndefined();
  expect(await vsCode.statusBarLabel('sotto.status')).toContain('setting sotto.maxTokens: found 100000');
  await setSettings({});
  await typeDotUntil('mended', /characters from the model/);
  expect((await log()).slice(before).filter(line => fault.test(line))).toHaveLength(1);
  expect(await vsCode.statusBarLabel('sotto.status')).toContain('Ready');
});

it('gives no more tokens than the setting allows', async () => {
  const { setSettings } = fixture();
  await setSettings({ 'sotto.maxTokens': 2 });
  await typeDotUntil('short', / 2 generated \(max-tokens\)/);
  await setSettings({});
  await typeDotUntil('long', /generated \(scope-end\)/);
});

it("is turned off by the workspace's own settings, and the toggle changes those", async () => {
  const { vsCode, writeFile } = fixture();
  const icon = vsCode.page.locator('[id*="sotto.status"] .codicon-circle-slash');
  writeFile('.vscode/settings.json', '{ "sotto.enable": false }');
  await icon.waitFor();
  await typeDotUntil('off', /suggestions while typing are turned off/);
  await vsCode.runCommand('Sotto: Toggle');
  await icon.waitFor({ state: 'detached' });
  await vsCode.openFile('.vscode/settings.json');
  expect(JSON.parse(await vsCode.editorText())).toEqual({ 'sotto.enable': true });
  expect(await typeDot(fixture())).not.toBe('');
});
