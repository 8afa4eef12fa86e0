/** The client with processes that die, hang and refuse: see fake-engine.mjs for how each behaves. */
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { EngineClientOptions } from '../../src/runtime/engine-client';
import { endOf, eventsOf, never, recordEngine, requestOf } from './record-engine';

const startFake = (
  behaviour: 'dies' | 'has no memory' | 'is silent' | 'never ends',
  options: Partial<EngineClientOptions> = {},
) =>
  recordEngine({
    entry: join(__dirname, 'fake-engine.mjs'),
    modelFolder: behaviour,
    graphsFolder: '',
    ...options,
  });

/** Only the waits of the client; the processes are real. */
function fakeWaits(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

it('waits twice as long before each further start', async () => {
  const { engine, log, logged } = startFake('dies', { backoffMs: 5 });
  await expect(engine.start()).rejects.toThrow("the engine's process ended (3)");
  await logged(/starts again in 20 ms/);
  const waits = log.flatMap(line => /ended \(code 3\); starts again in (\d+) ms/.exec(line)?.[1] ?? []);
  expect(waits.slice(0, 3)).toEqual(['5', '10', '20']);
});

it('waits half a minute at most', async () => {
  fakeWaits();
  const { engine, logged } = startFake('dies', { backoffMs: 20_000 });
  await expect(engine.start()).rejects.toThrow('ended (3)');
  await logged(/starts again in 20000 ms/);
  await vi.advanceTimersByTimeAsync(20_000);
  await logged(/starts again in 30000 ms/);
});

it('fails a request at once while it waits for no process', async () => {
  const { engine } = startFake('dies');
  expect(await eventsOf(engine.generate(requestOf([1], 1), never))).toEqual([
    { type: 'end', reason: 'failed', ms: 0 },
  ]);
});

it('ends a request that is aborted while the process waits for its next start', async () => {
  fakeWaits();
  const { engine, logged } = startFake('dies', { backoffMs: 20_000 });
  await expect(engine.start()).rejects.toThrow('ended (3)');
  await logged(/starts again in 20000 ms/);
  const controller = new AbortController();
  const events = eventsOf(engine.generate(requestOf([1], 1), controller.signal));
  controller.abort();
  expect(await events).toEqual([{ type: 'end', reason: 'aborted', ms: 0 }]);
});

it('tries again after a process that could not even be started', async () => {
  const { execPath } = process;
  onTestFinished(() => {
    process.execPath = execPath;
  });
  const { engine, log, logged } = startFake('never ends', { backoffMs: 5 });
  process.execPath = join(__dirname, 'no-such-program');
  await expect(engine.start()).rejects.toThrow('ENOENT');
  process.execPath = execPath;
  await logged(/model loaded/);
  expect(engine.state).toBe('ready');
  expect(log.filter(line => /ended \(.*ENOENT\); starts again in 5 ms/.test(line))).toHaveLength(1);
});

it('tries again where the files are not at fault', async () => {
  const { engine, log, logged } = startFake('has no memory', { backoffMs: 5 });
  await expect(engine.start()).rejects.toThrow('no memory');
  await logged(/starts again in 10 ms/);
  expect(log.filter(line => line.endsWith('started'))).toHaveLength(2);
});

it('kills a process that says nothing for half a minute', async () => {
  const { engine, log, logged } = startFake('is silent');
  await engine.start();
  fakeWaits();
  const { pid } = engine;
  const events = eventsOf(engine.generate(requestOf([1], 1), never));
  await logged(/generate 1/);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(log.at(-1)).toBe('engine process: generate 1');
  await vi.advanceTimersByTimeAsync(1);
  expect(endOf(await events)).toBe('failed');
  expect(log).toContain(`engine process ${pid} said nothing for 30000 ms and is killed`);
});

it('tells the process when the reader leaves early', async () => {
  const { engine, logged } = startFake('never ends');
  for await (const event of engine.generate(requestOf([1], 9), never)) if (event.type === 'token') break;
  await logged(/abort 1/);
  expect(engine.state).toBe('ready');
});

it('tells the process when the signal comes', async () => {
  const { engine, logged } = startFake('never ends');
  const controller = new AbortController();
  const events = engine.generate(requestOf([1], 9), controller.signal)[Symbol.asyncIterator]();
  await events.next();
  controller.abort();
  await logged(/abort 1/);
});

it('keeps the requests of one process apart', async () => {
  const { engine } = startFake('never ends');
  const [one, other] = [1, 2].map(() => engine.generate(requestOf([1], 9), never)[Symbol.asyncIterator]());
  expect((await one!.next()).value).toMatchObject({ type: 'prefill' });
  expect((await other!.next()).value).toMatchObject({ type: 'prefill' });
  expect((await other!.next()).value).toMatchObject({ type: 'token' });
  await other!.return?.();
  expect(engine.state).toBe('working');
  await one!.return?.();
  expect(engine.state).toBe('ready');
});

it('writes what the process says on its error stream to the log', async () => {
  const { engine, logged } = startFake('never ends');
  for await (const event of engine.generate(requestOf([1], 9), never)) if (event.type === 'token') break;
  await logged(/^engine process: generate 1/);
});
