/** The client with the real, bundled engine process and real models. */
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ModelFileError } from '../../src/checkpoint/model-file-error';
import { exportNote } from '../../src/checkpoint/model-source';
import type { EngineClientOptions } from '../../src/engine-process/engine-client';
import { modelTypes } from '../../src/model/read-architecture';
import { killedFromOutside } from '../operating-system';
import { removeFolder, temporaryFolder } from '../temporary-folder';
import { endOf, eventsOf, never, recordEngine, requestOf, sourceAt, tokensOf } from './record-engine';

const starter = join(__dirname, '../../models/sotto-starter');
const fixtures = join(__dirname, '../fixtures');
const tinyLlama = join(fixtures, 'tiny-llama');

/** Built once for the whole file. */
const graphsFolder = mkdtempSync(join(tmpdir(), 'sotto-graphs-'));
afterAll(() => removeFolder(graphsFolder));

const start = (options: Partial<EngineClientOptions> = {}) =>
  recordEngine({ modelSource: sourceAt(starter), graphsFolder, ...options });

/** The bundled model needs more than half a second for it, so that a test can act in the meantime. */
const long = (...ids: number[]) => requestOf(ids, 800);
const short = (...ids: number[]) => requestOf(ids, 2);

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a generation', () => {
  it('streams the tokens that transformers continues with', async () => {
    const golden = JSON.parse(readFileSync(join(tinyLlama, 'golden.json'), 'utf8'));
    const { engine } = start({ modelSource: sourceAt(tinyLlama, { weightBits: 32 }) });
    const events = await eventsOf(engine.generate(requestOf(golden.ids, 16), never));
    expect(events[0]).toMatchObject({ type: 'prefill', cached: 0, computed: 24 });
    expect(tokensOf(events)).toEqual(golden.greedy);
    expect(endOf(events)).toBe('max-tokens');
    expect(events).toHaveLength(18);
  });

  it('of a ready-made export streams the same tokens, and the log says that it is an export', async () => {
    const golden = JSON.parse(readFileSync(join(fixtures, 'tiny-llama-export/golden.json'), 'utf8'));
    const file = join(fixtures, 'exports/llama-optimum/onnx/model.onnx');
    const { engine, log } = start({ modelSource: sourceAt(file) });
    const events = await eventsOf(engine.generate(requestOf(golden.ids, 16), never));
    expect(tokensOf(events)).toEqual(golden.greedy);
    expect(log).toContain(exportNote);
    const [prefill] = await eventsOf(engine.generate(short(...golden.ids.slice(0, 9), 1), never));
    expect(prefill).toMatchObject({ type: 'prefill', cached: 9, computed: 1 });
  });

  it('uses the cache for the beginning that two prompts share', async () => {
    const { engine } = start({ modelSource: sourceAt(tinyLlama) });
    await eventsOf(engine.generate(short(1, 2, 3, 4, 5), never));
    const [prefill] = await eventsOf(engine.generate(short(1, 2, 3, 9, 8, 7), never));
    expect(prefill).toMatchObject({ type: 'prefill', cached: 3, computed: 3 });
  });

  it('gives the same tokens with a cache as without', async () => {
    const [warm, cold] = [start(), start()];
    await eventsOf(warm.engine.generate(short(5, 6, 7, 8), never));
    const [after, fresh] = await Promise.all(
      [warm, cold].map(({ engine }) => eventsOf(engine.generate(requestOf([5, 6, 7, 100], 8), never))),
    );
    expect(after![0]).toMatchObject({ cached: 3 });
    expect(fresh![0]).toMatchObject({ cached: 0 });
    expect(tokensOf(after!)).toEqual(tokensOf(fresh!));
  });

  it('ends when a newer one begins, and the newer one is answered', async () => {
    const { engine } = start();
    let newer = Promise.resolve<Awaited<ReturnType<typeof eventsOf>>>([]);
    const older = await eventsOf(engine.generate(long(1, 2, 3), never), () => {
      newer = eventsOf(engine.generate(short(1, 2, 4), never));
    });
    expect(endOf(older)).toBe('aborted');
    expect(tokensOf(older).length).toBeLessThan(800);
    expect(endOf(await newer)).toBe('max-tokens');
    expect(tokensOf(await newer)).toHaveLength(2);
  });

  it('ends when its signal aborts', async () => {
    const { engine } = start();
    const controller = new AbortController();
    const events = await eventsOf(engine.generate(long(1, 2, 3), controller.signal), () =>
      controller.abort(),
    );
    expect(endOf(events)).toBe('aborted');
    expect(tokensOf(events).length).toBeLessThan(800);
    expect(endOf(await eventsOf(engine.generate(short(1, 2, 3), never)))).toBe('max-tokens');
  });

  it('that is aborted before it begins is not run', async () => {
    const { engine } = start({ modelSource: sourceAt(tinyLlama) });
    const events = await eventsOf(engine.generate(short(1, 2), AbortSignal.abort()));
    expect(events).toEqual([{ type: 'end', reason: 'aborted', ms: 0 }]);
    expect((await eventsOf(engine.generate(short(1, 2), never)))[0]).toMatchObject({ cached: 0 });
  });

  it('that cannot be run fails with a line in the log, and the next one is answered', async () => {
    const { engine, log } = start({ modelSource: sourceAt(tinyLlama) });
    expect(endOf(await eventsOf(engine.generate(short(...Array(128).fill(1)), never)))).toBe('failed');
    expect(log.at(-1)).toBe('request failed: a prompt of 128 tokens; the model takes 1 to 127');
    expect(endOf(await eventsOf(engine.generate(short(1), never)))).toBe('max-tokens');
  });

  it('whose reader leaves early makes room for the next', async () => {
    const { engine, states } = start();
    for await (const event of engine.generate(long(1, 2, 3), never)) if (event.type === 'token') break;
    expect(states).toEqual(['loading', 'ready', 'working', 'ready']);
    expect(endOf(await eventsOf(engine.generate(short(1, 2, 3), never)))).toBe('max-tokens');
  });
});

describe('a process', () => {
  it('is started once if several callers need it', async () => {
    const { engine, log, states } = start({ modelSource: sourceAt(tinyLlama) });
    expect(engine.pid).toBeUndefined();
    const events = eventsOf(engine.generate(short(1), never));
    await Promise.all([engine.start(), engine.start(), events]);
    expect(log.filter(line => line.includes('started'))).toEqual([`engine process ${engine.pid} started`]);
    expect(states).toEqual(['loading', 'ready', 'working', 'ready']);
  });

  it('that is killed during a request fails it, restarts and answers the next', async () => {
    const { engine, log, states } = start();
    await engine.start();
    const first = engine.pid!;
    const events = await eventsOf(engine.generate(long(1, 2, 3), never), () =>
      process.kill(first, 'SIGKILL'),
    );
    expect(endOf(events)).toBe('failed');
    await engine.start();
    expect(engine.pid).not.toBe(first);
    expect(states).toEqual(['loading', 'ready', 'working', 'failed', 'loading', 'ready']);
    expect(log).toContain(`engine process ${first} ended (${killedFromOutside}); starts again in 1 ms`);
    expect(endOf(await eventsOf(engine.generate(short(1, 2, 3), never)))).toBe('max-tokens');
  });

  it('that is killed between requests restarts by itself', async () => {
    const { engine, logged } = start({ modelSource: sourceAt(tinyLlama) });
    await engine.start();
    const first = engine.pid!;
    process.kill(first, 'SIGKILL');
    await logged(new RegExp(`ended \\(${killedFromOutside}\\)`));
    expect(endOf(await eventsOf(engine.generate(short(1), never)))).toBe('max-tokens');
    expect(engine.pid).not.toBe(first);
  });

  it('does not inherit NODE_OPTIONS', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require=/no/such/file.cjs');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { engine } = start({ modelSource: sourceAt(tinyLlama) });
    await expect(engine.start()).resolves.toMatchObject({ type: 'loaded' });
  });

  it('ends when the client is shut down, and is not started again', async () => {
    const { engine, states } = start({ modelSource: sourceAt(tinyLlama) });
    await engine.start();
    const pid = engine.pid!;
    expect(isAlive(pid)).toBe(true);
    engine.dispose();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
    await expect(engine.start()).rejects.toThrow('the engine is shut down');
    expect(endOf(await eventsOf(engine.generate(short(1), never)))).toBe('failed');
    expect(states).toEqual(['loading', 'ready']);
  });

  it('that is shut down during a request fails it', async () => {
    const { engine } = start();
    expect(endOf(await eventsOf(engine.generate(long(1, 2, 3), never), () => engine.dispose()))).toBe(
      'failed',
    );
  });
});

it('loads a model whose context is shorter than a chunk of a prompt', async () => {
  const folder = temporaryFolder();
  copyFileSync(join(tinyLlama, 'model.safetensors'), join(folder, 'model.safetensors'));
  const config = JSON.parse(readFileSync(join(tinyLlama, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, max_position_embeddings: 8 }));
  const { engine } = start({ modelSource: sourceAt(folder) });
  expect(endOf(await eventsOf(engine.generate(short(1, 2), never)))).toBe('max-tokens');
});

it.each([
  [100, 100],
  [4096, 128],
])('if asked for a window of %i tokens, reports %i', async (contextWindow, settled) => {
  const { engine } = start({ modelSource: sourceAt(tinyLlama, { contextWindow }) });
  expect(await engine.start()).toMatchObject({ contextWindow: settled });
});

it('keeps a cache for the window that was asked for, not for the whole context of the model', async () => {
  const { engine, log } = start({ modelSource: sourceAt(starter, { contextWindow: 8 }) });
  expect(endOf(await eventsOf(engine.generate(requestOf([1, 2, 3, 4, 5, 6, 7], 1), never)))).toBe(
    'max-tokens',
  );
  expect(endOf(await eventsOf(engine.generate(requestOf([1, 2, 3, 4, 5, 6, 7, 8], 1), never)))).toBe(
    'failed',
  );
  expect(log.at(-1)).toContain('a prompt of 8 tokens; the model takes 1 to 7');
});

describe('a graph', () => {
  /** Starts a process that uses `graphs`, and ends it. @returns when the graph there was written */
  async function startOnce(graphs: string): Promise<number> {
    const { engine } = start({ modelSource: sourceAt(tinyLlama), graphsFolder: graphs });
    await engine.start();
    engine.dispose();
    const [folder] = readdirSync(graphs);
    return statSync(join(graphs, folder!, 'model.onnx')).mtimeMs;
  }

  it('is built at the first start and found at the second', async () => {
    const graphs = temporaryFolder();
    const written = await startOnce(graphs);
    expect(await startOnce(graphs)).toBe(written);
    expect(readdirSync(graphs)).toHaveLength(1);
  });

  it('that is being built is reported as a state of the client', async () => {
    const options = { modelSource: sourceAt(tinyLlama), graphsFolder: temporaryFolder() };
    const [first, second] = [start(options), start(options)];
    await first.engine.start();
    expect(first.states).toEqual(['loading', 'preparing', 'loading', 'ready']);
    await second.engine.start();
    expect(second.states).toEqual(['loading', 'ready']);
  });

  it('that was damaged on disk is built again', async () => {
    const graphs = temporaryFolder();
    await startOnce(graphs);
    const weights = join(graphs, readdirSync(graphs)[0]!, 'model.onnx.data');
    truncateSync(weights, 100);
    const { engine, logged } = start({ modelSource: sourceAt(tinyLlama), graphsFolder: graphs });
    await expect(engine.start()).rejects.toThrow();
    await logged(/model loaded/);
    expect(statSync(weights).size).toBeGreaterThan(100);
    expect(endOf(await eventsOf(engine.generate(short(1, 2), never)))).toBe('max-tokens');
  });

  it('may be built by two processes at once', async () => {
    const graphs = temporaryFolder();
    const both = [1, 2].map(() => start({ graphsFolder: graphs }).engine);
    await Promise.all(both.map(engine => engine.start()));
    expect(readdirSync(graphs)).toHaveLength(1);
    for (const engine of both)
      expect(endOf(await eventsOf(engine.generate(short(1, 2), never)))).toBe('max-tokens');
  });
});

it('a broken ready-made export gives an error of one line and is not tried again', async () => {
  const folder = temporaryFolder();
  cpSync(join(fixtures, 'exports/llama-genai'), folder, { recursive: true });
  const graph = join(folder, 'model.onnx');
  truncateSync(graph, 9000);
  const { engine, log, logged } = start({ modelSource: sourceAt(folder), backoffMs: 0 });
  await expect(engine.start()).rejects.toThrow(`${graph}: file: cannot be opened (`);
  await logged(/ended/);
  await expect(engine.start()).rejects.toThrow(`${graph}: file: cannot be opened (`);
  expect(log.filter(line => line.endsWith('started'))).toHaveLength(1);
});

describe('a broken model', () => {
  /** Each start gives the same one-line error about a file and a field, and only one process is started. */
  async function check(breakIt: (folder: string) => void, file: string, problem: string): Promise<void> {
    const folder = join(temporaryFolder(), 'model');
    mkdirSync(folder);
    for (const name of ['config.json', 'model.safetensors'])
      copyFileSync(join(tinyLlama, name), join(folder, name));
    breakIt(folder);
    const { engine, log, states, logged } = start({ modelSource: sourceAt(folder), backoffMs: 0 });
    const message = `${join(folder, file)}: ${problem}`;
    await expect(engine.start()).rejects.toThrow(ModelFileError);
    await logged(/ended/);
    await expect(engine.start()).rejects.toThrow(message);
    expect(endOf(await eventsOf(engine.generate(short(1), never)))).toBe('failed');
    expect(states.filter(state => state !== 'preparing')).toEqual(['loading', 'failed']);
    expect(engine.pid).toBeUndefined();
    expect(log.filter(line => !line.includes('is built'))).toEqual([
      expect.stringMatching(/^engine process \d+ started$/),
      `model not loaded: ${message}`,
      expect.stringMatching(/^engine process \d+ ended \(SIGKILL\)$/),
    ]);
  }

  it('without its configuration', () =>
    check(folder => rmSync(join(folder, 'config.json')), 'config.json', 'file: is missing'));

  it('with a configuration that is not JSON', () =>
    check(
      folder => writeFileSync(join(folder, 'config.json'), '[]'),
      'config.json',
      'file: expected a JSON object',
    ));

  it('with the configuration of another kind of model', () =>
    check(
      folder => writeFileSync(join(folder, 'config.json'), '{"model_type": "mamba"}'),
      'config.json',
      `model_type: found "mamba", expected one of ${modelTypes.join(', ')}`,
    ));

  it('with weights that were cut', () =>
    check(
      folder => writeFileSync(join(folder, 'model.safetensors'), 'abc'),
      'model.safetensors',
      'size: found 3 bytes, expected at least 8',
    ));
});
