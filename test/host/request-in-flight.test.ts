/** What happens in a real VS Code while the engine works on a request. The test freezes the engine for that. */
import { expect, it } from 'vitest';
import { killedFromOutside } from '../operating-system';
import { useVsCode } from './fixture';
import { enginePid, isAlive, untilWorking, whileEngineIsFrozen } from './frozen-engine';
import { queueSource, typeDot, unfinished, untilLogged } from './steps';
import { until } from './until';

const fixture = useVsCode();

/** Opens the unfinished file under this path, types the dot, and waits until the frozen engine has the request. */
async function ask(path: string): Promise<void> {
  const { vsCode, writeFile } = fixture();
  writeFile(path, queueSource);
  await vsCode.openFile(path, unfinished);
  await vsCode.type('.');
  await untilWorking(fixture());
}

/** A line of the log with the outcome of a request for this file. */
const answered = (path: string) => new RegExp(`${path}: .*(characters from|nothing is shown)`);

it('shows no answer for one file in another file that the user opened during the request', async () => {
  const { vsCode, copyExamples, log } = fixture();
  await typeDot(fixture());
  const folder = copyExamples();
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('switch/queue.js');
    await vsCode.openFile(`${folder}/app/stats.py`, { line: 29, column: 5 });
  });
  await vsCode.press('Shift+End');
  await vsCode.type('return ordered');
  const ghost = await vsCode.waitForGhostText();
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n')[28]).toBe(`    return ordered${ghost}`);
  expect((await log()).slice(before).join('\n')).not.toMatch(answered('switch/queue.js'));
});

it('answers only the last of the keys that the user types during a request', async () => {
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

it('shows no answer for a file that another program changes during the request', async () => {
  const { vsCode, writeFile, log } = fixture();
  await typeDot(fixture());
  writeFile('changed/queue.js', queueSource);
  await vsCode.openFile('changed/queue.js', unfinished);
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await vsCode.runCommand('Sotto: Trigger Completion');
    await untilWorking(fixture());
    writeFile('changed/queue.js', queueSource.replace('  pop()', '  // A new line.\n  pop()'));
    await until('the line of the other program', async () =>
      (await vsCode.visibleText()).includes('// A new line.'),
    );
    // VS Code now asks again by itself. The cursor moves away, which ends that request too.
    await vsCode.openFile('changed/queue.js', { line: unfinished.line + 1, column: unfinished.column });
  });
  await vsCode.type('.');
  const ghost = await vsCode.waitForGhostText();
  expect((await log()).slice(before).filter(line => answered('changed/queue.js').test(line))).toHaveLength(1);
  await vsCode.press('Tab');
  expect((await vsCode.editorText()).split('\n')[unfinished.line]).toBe(`    this.listeners.${ghost}`);
});

it('answers later keys if the engine is killed during a request', async () => {
  const { vsCode, log } = fixture();
  await typeDot(fixture());
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async pid => {
    await ask('killed/queue.js');
    process.kill(pid, 'SIGKILL');
    await untilLogged(fixture(), new RegExp(`ended \\(${killedFromOutside}\\); starts again`), before);
  });
  // A request in the old process is lost. A request that still waited for a preparation goes to the new process.
  const answer = /killed\/queue.js: (nothing is shown: the engine failed|.* characters from the model)/;
  await untilLogged(fixture(), answer, before);
  await vsCode.type('p');
  expect(await vsCode.waitForGhostText()).not.toBe('');
});

it('shows no answer for a file that the user closes during the request, and suggests in the next', async () => {
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

it('ends the engine process when the number of threads changes during a request, and starts a new one', async () => {
  const { vsCode, setSettings, log } = fixture();
  await typeDot(fixture());
  const old = await enginePid(fixture());
  const before = (await log()).length;
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('threads/queue.js');
    await setSettings({ 'sotto.threads': 1 });
    await until('the end of the old process', async () => !isAlive(old));
  });
  await vsCode.type('p');
  expect(await vsCode.waitForGhostText()).not.toBe('');
  expect(await enginePid(fixture())).not.toBe(old);
  expect((await log()).slice(before).filter(line => line.includes('[error]'))).toEqual([]);
});

it('ends the engine process together with the window, also during a request', async () => {
  const { vsCode } = fixture();
  await typeDot(fixture());
  const old = await enginePid(fixture());
  await whileEngineIsFrozen(fixture(), async () => {
    await ask('reload/queue.js');
    await vsCode.editorText();
    await vsCode.page.reload();
  });
  await until('the end of the old process', async () => !isAlive(old));
  await until('the extension', () => vsCode.statusBarText('sotto.status'));
  expect(await typeDot(fixture())).not.toBe('');
});
