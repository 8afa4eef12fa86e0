/** What happens in a real VS Code while a request is with the engine, which the test holds still. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { killedFromOutside } from '../operating-system';
import { untilLogged, useVsCode } from './fixture';
import { enginePid, isAlive, untilWorking, whileEngineIsFrozen } from './frozen-engine';
import { typeDot, unfinished } from './type-dot';
import { until } from './until';

const fixture = useVsCode();
const source = readFileSync('examples/web/queue.js', 'utf8');

/** Opens the unfinished file under this path and types the dot; the engine is still by then. */
async function ask(path: string): Promise<void> {
  const { vsCode, writeFile } = fixture();
  writeFile(path, source);
  await vsCode.openFile(path, unfinished);
  await vsCode.type('.');
  await untilWorking(fixture());
}

/** A line of the log that says what became of a request for this file. */
const answered = (path: string) => new RegExp(`${path}: .*(characters from|nothing is shown)`);

it('shows nothing of one file in another that was opened meanwhile', async () => {
  const { vsCode, copyExamples, log } = fixture();
  await typeDot(fixture());
  const folder = copyExamples();
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('switch/queue.js');
    await vsCode.openFile(`${folder}/app/stats.py`, { line: 19, column: 5 });
  });
  await vsCode.press('Shift+End');
  await vsCode.type('return ordered');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n')[18]).toBe(`    return ordered${ghost}`);
  expect((await log()).slice(before).join('\n')).not.toMatch(answered('switch/queue.js'));
});

it('answers the last of the keys that were typed meanwhile, and only that', async () => {
  const { vsCode, log } = fixture();
  await typeDot(fixture());
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('typed/queue.js');
    await vsCode.type('filter');
  });
  const ghost = await vsCode.waitForGhostText();
  expect((await log()).slice(before).filter(line => answered('typed/queue.js').test(line))).toHaveLength(1);
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n')[unfinished.line - 1]).toBe(
    `    this.listeners.filter${ghost}`,
  );
});

it('shows nothing for a file that another program changed meanwhile', async () => {
  const { vsCode, writeFile, log } = fixture();
  await typeDot(fixture());
  writeFile('changed/queue.js', source);
  await vsCode.openFile('changed/queue.js', unfinished);
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await vsCode.runCommand('Sotto: Trigger Completion');
    await untilWorking(fixture());
    writeFile('changed/queue.js', source.replace('  pop()', '  // A line more.\n  pop()'));
    await until('the line of the other program', async () =>
      (await vsCode.visibleText()).includes('// A line more.') ? true : undefined,
    );
    // VS Code asks anew of its own accord, which is no answer to the first; going elsewhere ends that too.
    await vsCode.openFile('changed/queue.js', { line: unfinished.line + 1, column: unfinished.column });
  });
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  expect((await log()).slice(before).filter(line => answered('changed/queue.js').test(line))).toHaveLength(1);
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n')[unfinished.line]).toBe(`    this.listeners.${ghost}`);
});

it('loses no later key when the engine is killed meanwhile', async () => {
  const { vsCode, log } = fixture();
  await typeDot(fixture());
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async pid => {
    await ask('killed/queue.js');
    process.kill(pid, 'SIGKILL');
    await untilLogged(fixture(), new RegExp(`ended \\(${killedFromOutside}\\); starts again`), before);
  });
  // What had reached the old process is lost; what still waited behind a preparation is asked of the new one.
  const answer = /killed\/queue.js: (nothing is shown: .* the engine failed|.* characters from the model)/;
  await untilLogged(fixture(), answer, before);
  await vsCode.type('p');
  expect(await vsCode.waitForGhostText()).not.toBe('');
});

it('shows nothing for a file that was closed meanwhile, and goes on in the next', async () => {
  const { vsCode, hostLog } = fixture();
  await typeDot(fixture());
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('closed/queue.js');
    await vsCode.editorText();
    await vsCode.runCommand('View: Close Editor');
  });
  expect(await typeDot(fixture())).not.toBe('');
  expect((await hostLog()).filter(line => line.includes('[error]') && line.includes('sotto'))).toEqual([]);
});

it('ends the process that is at work when the threads are changed, and asks a new one', async () => {
  const { vsCode, setSettings, log } = fixture();
  await typeDot(fixture());
  const old = await enginePid(fixture());
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('threads/queue.js');
    await setSettings({ 'sotto.threads': 1 });
    await until('the end of the old process', async () => (isAlive(old) ? undefined : true));
  });
  await vsCode.type('p');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  expect(await enginePid(fixture())).not.toBe(old);
  expect((await log()).slice(before).filter(line => line.includes('[error]'))).toEqual([]);
  await setSettings({});
});

it('ends its engine with the window, also in the middle of a request', async () => {
  const { vsCode } = fixture();
  await typeDot(fixture());
  const old = await enginePid(fixture());
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('reload/queue.js');
    await vsCode.editorText();
    await vsCode.page.reload();
  });
  await until('the end of the old process', async () => (isAlive(old) ? undefined : true));
  await until('the extension', () => vsCode.statusBarText('sotto.status'));
  expect(await typeDot(fixture())).not.toBe('');
});
