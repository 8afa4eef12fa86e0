/** A session as the editor and the terminal open it: the user's own model, the real engine, and faults. */
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSession, type Session, type SessionStatus } from '../src/session';
import { ggufOfTinyLlama, packF32 } from './checkpoint/gguf-of-fixture';
import { starterGguf, writeStarterFolder } from './checkpoint/starter';
import { ggufBytes } from './checkpoint/write-gguf';
import { eventsOf, never, requestOf, tokensOf } from './engine-process/record-engine';
import { temporaryFolder } from './temporary-folder';

const root = join(__dirname, '..');
const tinyLlama = join(__dirname, 'fixtures/tiny-llama');

interface Recorded {
  readonly session: Session;
  readonly graphs: string;
  readonly log: readonly string[];
  readonly faults: readonly string[];
  readonly statuses: readonly SessionStatus[];
}

/** A session whose log, faults and statuses are recorded. It is closed when the test is over. */
function open(
  modelPath: () => string | undefined,
  { graphs = temporaryFolder(), threads = () => 1, onStatus = (_: Session): unknown => undefined } = {},
): Recorded {
  const log: string[] = [];
  const faults: string[] = [];
  const statuses: SessionStatus[] = [];
  const session = createSession({
    root,
    modelPath,
    graphsFolder: graphs,
    threads,
    log: line => log.push(line),
    onStatus: () => {
      statuses.push(session.status);
      onStatus(session);
    },
    onFault: ({ message }) => faults.push(message),
  });
  onTestFinished(() => session.dispose());
  return { session, graphs, log, faults, statuses };
}

/** Each state once. On a slow machine the progress changes several times while a model is prepared. */
const statesOf = ({ statuses }: Recorded) =>
  statuses.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
const processesOf = ({ log }: Recorded) => log.filter(line => /^engine process \d+ started/.test(line));

async function answer({ session }: Recorded): Promise<number[]> {
  const { engine, tokenizer } = await session.openModel();
  return tokensOf(await eventsOf(engine.generate(requestOf(tokenizer.encode('for (const '), 8), never)));
}

it('starts no process after it was closed', async () => {
  const closed = open(() => undefined);
  closed.session.dispose();
  await expect(closed.session.openModel()).rejects.toThrow('the session is over');
  expect(processesOf(closed)).toEqual([]);
  expect(closed.faults).toEqual([]);
});

it('reports an invalid setting once, and the session exists nevertheless', async () => {
  const threads = () => {
    throw new TypeError('setting sotto.threads: found 80, expected 0 to 64');
  };
  const recorded = open(() => undefined, { threads });
  for (let i = 0; i < 2; i++) await expect(recorded.session.openModel()).rejects.toThrow('sotto.threads');
  expect(recorded.session.status).toMatchObject({ state: 'failed', fault: expect.stringMatching(/threads/) });
  expect(recorded.faults).toEqual(['setting sotto.threads: found 80, expected 0 to 64']);
});

describe("the user's own model", () => {
  it('from a GGUF file has the name of the file, and the context window that the engine chose', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    copyFileSync(starterGguf, path);
    const recorded = open(() => path);
    const model = await recorded.session.openModel();
    expect(model).toMatchObject({ name: 'own.gguf', contextWindow: 1024 });
    expect(model.layout.suffixFrom).toBe('line end');
    expect(statesOf(recorded)).toEqual(['loading', 'preparing', 'loading', 'ready']);
    expect(recorded.statuses[1]).toEqual({ state: 'preparing', name: 'own.gguf' });
    expect(await answer(recorded)).toEqual(await answer(open(() => undefined)));
  });

  it('from a folder needs no sotto.json', async () => {
    const folder = writeStarterFolder(join(temporaryFolder(), 'own'));
    const recorded = open(() => folder);
    expect(await recorded.session.openModel()).toMatchObject({ name: 'own', contextWindow: 1024 });
    expect(await answer(recorded)).toEqual(await answer(open(() => undefined)));
  });
});

it('gives the bundled model the context window and the calibration of its sotto.json', async () =>
  expect(await open(() => undefined).session.openModel()).toMatchObject({
    name: 'sotto-starter',
    contextWindow: 512,
    calibration: { bias: 0.038, logit: 0.739 },
  }));

describe('a fault is reported once, in one line', () => {
  /** The session fails with `message` each time the model is opened, and reports it once. */
  async function check(recorded: Recorded, message: string): Promise<void> {
    await expect(recorded.session.openModel()).rejects.toThrow(message);
    await expect(recorded.session.openModel()).rejects.toThrow(message);
    expect(recorded.faults).toEqual([expect.stringContaining(message)]);
    expect(recorded.faults[0]).not.toContain('\n');
    expect(recorded.session.status).toMatchObject({ state: 'failed', fault: recorded.faults[0] });
    expect(recorded.log).toContain(`model not opened: ${recorded.faults[0]}`);
  }

  it('when the setting is invalid, and no process starts', async () => {
    const recorded = open(() => {
      throw new TypeError('setting sotto.model: found "a"');
    });
    await check(recorded, 'setting sotto.model: found "a"');
    expect(processesOf(recorded)).toEqual([]);
  });

  it('when the path does not exist, and no process starts until it does', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    const recorded = open(() => path);
    await check(recorded, `${path}: file: is not there; expected a GGUF file or a checkpoint's folder`);
    expect(processesOf(recorded)).toEqual([]);
    copyFileSync(starterGguf, path);
    await recorded.session.openModel();
    expect(recorded.session.status).toEqual({ state: 'ready', name: 'own.gguf' });
  });

  it('when the file is no model', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    writeFileSync(path, 'not a model');
    await check(
      open(() => path),
      `${path}: `,
    );
  });

  it('when the file has no vocabulary, and the engine process ends', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    writeFileSync(path, ggufBytes(ggufOfTinyLlama(tinyLlama, packF32)));
    const recorded = open(() => path);
    await check(recorded, `${path}: tokenizer.ggml.model: found nothing, expected one of gpt2, llama`);
    const [started, ...more] = processesOf(recorded);
    expect(more).toEqual([]);
    const id = Number(started?.split(' ')[2]);
    await vi.waitFor(() => expect(() => process.kill(id, 0)).toThrow('ESRCH'));
  });

  it('when only the engine can find the fault', async () => {
    const folder = writeStarterFolder(join(temporaryFolder(), 'own'));
    writeFileSync(join(folder, 'model.safetensors'), 'abc');
    const recorded = open(() => folder);
    await check(recorded, `${join(folder, 'model.safetensors')}: size: found 3 bytes, expected at least 8`);
    expect(processesOf(recorded)).toHaveLength(1);
    expect(readdirSync(recorded.graphs)).toEqual([]);
  });
});

it('reports nothing when it is closed while a graph is built; the next session removes the unfinished graph', async () => {
  const recorded = open(() => undefined, {
    onStatus: session => session.status.state === 'preparing' && session.dispose(),
  });
  await expect(recorded.session.openModel()).rejects.toThrow('the engine is shut down');
  expect(recorded.faults).toEqual([]);
  const { graphs } = recorded;
  expect(readdirSync(graphs)).toEqual([expect.stringMatching(/\.unfinished$/)]);
  await open(() => undefined, { graphs }).session.openModel();
  expect(readdirSync(graphs)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
});
