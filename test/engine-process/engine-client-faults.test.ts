/** The client with processes that die, hang or fail. fake-engine.mjs has the behaviours. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AsyncQueue, type EngineClientOptions, estimate } from '../../src/engine-process/engine-client';
import { endOf, eventsOf, never, recordEngine, requestOf, sourceAt } from './record-engine';

const startFake = (
  behaviour: 'builds' | 'dies' | 'has no memory' | 'is silent' | 'is slow' | 'never ends',
  options: Partial<EngineClientOptions> = {},
) =>
  recordEngine({
    entry: join(__dirname, 'fake-engine.mjs'),
    modelSource: { ...sourceAt(join(__dirname, '../fixtures/tiny-llama')), name: behaviour },
    graphsFolder: '',
    ...options,
  });

/** Makes the waits of the client fake. The processes are real. */
function fakeWaits(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

it('tells how much of the graph is built while the state is "preparing"', async () => {
  const heard: string[] = [];
  const { engine, states } = startFake('builds', {
    onProgress: ({ done }) => heard.push(`${engine.state} ${done}`),
  });
  await engine.start();
  expect(heard).toEqual(['preparing 0', 'preparing 0.5']);
  expect(states).toEqual(['loading', 'preparing', 'loading', 'ready']);
});

it.each([
  { done: 0.25, elapsedMs: 10_000, msLeft: 30_000 },
  { done: 1, elapsedMs: 10_000, msLeft: 0 },
  { done: 0.1, elapsedMs: 10_000, msLeft: undefined },
  { done: 0.5, elapsedMs: 900, msLeft: undefined },
])('of $done after $elapsedMs ms, the time left is $msLeft ms', ({ done, elapsedMs, msLeft }) =>
  expect(estimate(done, elapsedMs)).toEqual({ done, msLeft }),
);

it('waits twice as long before each further start', async () => {
  const { engine, log, logged } = startFake('dies', { backoffMs: 5 });
  await expect(engine.start()).rejects.toThrow("the engine's process ended (3)");
  await logged(/ended \(code 3\); starts again in 5 ms/);
  await logged(/ended \(code 3\); starts again when asked, in 10 ms/);
  await expect(engine.start()).rejects.toThrow("the engine's process ended (3)");
  await logged(/ended \(code 3\); starts again when asked, in 20 ms/);
  expect(log.filter(line => line.endsWith('started'))).toHaveLength(3);
});

it('waits half a minute at most', async () => {
  fakeWaits();
  const { engine, logged } = startFake('dies', { backoffMs: 20_000 });
  await expect(engine.start()).rejects.toThrow('ended (3)');
  await logged(/starts again in 20000 ms/);
  await vi.advanceTimersByTimeAsync(20_000);
  await logged(/starts again when asked, in 30000 ms/);
});

it('fails a request at once if the process ends while it loads', async () => {
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

it('tries again if a process cannot be started at all', async () => {
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

it('tries once more by itself if the files are not at fault, and later only when asked', async () => {
  fakeWaits();
  const { engine, log, logged } = startFake('has no memory', { backoffMs: 1_000 });
  const starts = () => log.filter(line => line.endsWith('started')).length;
  await expect(engine.start()).rejects.toThrow('no memory');
  await logged(/starts again in 1000 ms/);
  await vi.advanceTimersByTimeAsync(1_000);
  await logged(/starts again when asked, in 2000 ms/);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(starts()).toBe(2);
  const asked = expect(engine.start()).rejects.toThrow('no memory');
  await vi.advanceTimersByTimeAsync(2_000);
  await asked;
  expect(starts()).toBe(3);
});

it('lets a graph that does not open be removed once, not at every try', async () => {
  const { engine, log, logged } = startFake('has no memory', { backoffMs: 1 });
  await expect(engine.start()).rejects.toThrow('no memory');
  await logged(/when asked, in 2 ms/);
  await expect(engine.start()).rejects.toThrow('no memory');
  expect(log.flatMap(line => /graph (dropped|kept)/.exec(line)?.[1] ?? [])).toEqual([
    'dropped',
    'kept',
    'kept',
  ]);
});

it('restarts a loaded process that died, without being asked', async () => {
  const { engine, log, logged } = startFake('never ends');
  for (const wait of [1, 2]) {
    await engine.start();
    process.kill(engine.pid!, 'SIGKILL');
    await logged(new RegExp(`starts again in ${wait} ms`));
  }
  await vi.waitFor(() => expect(log.filter(line => line.startsWith('model loaded'))).toHaveLength(3), 15_000);
});

it('kills a process that sends nothing for half a minute', async () => {
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

it('does not kill a process that says it is alive, even if its request takes long', async () => {
  const { engine, log, logged } = startFake('is slow');
  await engine.start();
  fakeWaits();
  const isKilled = () => log.some(line => line.endsWith('is killed'));
  const first = eventsOf(engine.generate(requestOf([1], 1), never));
  await logged(/generate 1/);
  await vi.advanceTimersByTimeAsync(29_999);
  // A second request makes this process say that it is alive, before it sends the event that we await here.
  await engine
    .generate(requestOf([1], 1), never)
    [Symbol.asyncIterator]()
    .next();
  await vi.advanceTimersByTimeAsync(29_999);
  expect(isKilled()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(isKilled()).toBe(true);
  expect(endOf(await first)).toBe('failed');
});

it('sends an abort when the reader leaves early', async () => {
  const { engine, logged } = startFake('never ends');
  for await (const event of engine.generate(requestOf([1], 9), never)) if (event.type === 'token') break;
  await logged(/abort 1/);
  expect(engine.state).toBe('ready');
});

it('sends an abort when the signal aborts', async () => {
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

it('writes the error stream of the process to the log', async () => {
  const { engine, logged } = startFake('never ends');
  for await (const event of engine.generate(requestOf([1], 9), never)) if (event.type === 'token') break;
  await logged(/^engine process: generate 1/);
});

describe('a queue of events', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const unexpected = () => {
    throw new Error('no silence was expected');
  };

  it('returns values in the order in which they came', async () => {
    const queue = new AsyncQueue<number>();
    for (const value of [1, 2, 3]) queue.push(value);
    const values = [
      await queue.next(10, unexpected),
      await queue.next(10, unexpected),
      await queue.next(10, unexpected),
    ];
    expect(values).toEqual([1, 2, 3]);
  });

  it('waits for a value that has not come yet', async () => {
    const queue = new AsyncQueue<number>();
    const next = queue.next(10, unexpected);
    queue.push(1);
    queue.push(2);
    expect([await next, await queue.next(10, unexpected)]).toEqual([1, 2]);
  });

  it('reports silence once and waits on', async () => {
    const queue = new AsyncQueue<number>();
    const onSilence = vi.fn();
    const next = queue.next(10, onSilence);
    vi.advanceTimersByTime(9);
    expect(onSilence).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(onSilence).toHaveBeenCalledTimes(1);
    queue.push(1);
    expect(await next).toBe(1);
  });

  it('measures silence from the start of each wait, and not after a value', async () => {
    const queue = new AsyncQueue<number>();
    const onSilence = vi.fn();
    for (const value of [1, 2, 3]) {
      const next = queue.next(10, onSilence);
      vi.advanceTimersByTime(9);
      queue.push(value);
      expect(await next).toBe(value);
    }
    vi.advanceTimersByTime(100);
    expect(onSilence).not.toHaveBeenCalled();
  });
});
