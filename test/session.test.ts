/** A session as the editor and the terminal open it: with the user's own model, the real engine, and what goes wrong. */
import { copyFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSession, type Session, type SessionStatus } from '../src/session';
import { ggufOfTinyLlama, packF32 } from './checkpoint/gguf-of-fixture';
import { ggufOfStarter, starter } from './checkpoint/gguf-of-starter';
import { ggufBytes } from './checkpoint/write-gguf';
import { eventsOf, never, requestOf, tokensOf } from './engine-process/record-engine';
import { temporaryFolder } from './temporary-folder';

const root = join(__dirname, '..');
const tinyLlama = join(__dirname, 'fixtures/tiny-llama');

let starterGguf: Uint8Array;
beforeAll(() => {
  starterGguf = ggufOfStarter();
});

interface Recorded {
  readonly session: Session;
  readonly graphs: string;
  readonly log: readonly string[];
  readonly faults: readonly string[];
  readonly statuses: readonly SessionStatus[];
}

/** A session that writes down what it says, closed when the test is over. */
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
    onFault: message => faults.push(message),
  });
  onTestFinished(() => session.dispose());
  return { session, graphs, log, faults, statuses };
}

const statesOf = ({ statuses }: Recorded) => statuses.map(({ state }) => state);
const processesOf = ({ log }: Recorded) => log.filter(line => /^engine process \d+ started/.test(line));

async function answer({ session }: Recorded): Promise<number[]> {
  const { engine, tokenizer } = await session.openModel();
  return tokensOf(await eventsOf(engine.generate(requestOf(tokenizer.encode('for (const '), 8), never)));
}

it('a setting that is wrong is a fault like any other, said once, and the session is there', async () => {
  const threads = () => {
    throw new TypeError('setting sotto.threads: found 80, expected 0 to 64');
  };
  const recorded = open(() => undefined, { threads });
  for (let i = 0; i < 2; i++) await expect(recorded.session.openModel()).rejects.toThrow('sotto.threads');
  expect(recorded.session.status).toMatchObject({ state: 'failed', fault: expect.stringMatching(/threads/) });
  expect(recorded.faults).toEqual(['setting sotto.threads: found 80, expected 0 to 64']);
});

describe("the user's own model", () => {
  it('in a GGUF file is called as the file, and its window is what the engine settled on', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    writeFileSync(path, starterGguf);
    const recorded = open(() => path);
    const model = await recorded.session.openModel();
    expect(model).toMatchObject({ name: 'own.gguf', contextWindow: 1024 });
    expect(model.layout.takesSuffix).toBe(true);
    expect(statesOf(recorded)).toEqual(['loading', 'preparing', 'loading', 'ready']);
    expect(recorded.statuses[1]).toEqual({ state: 'preparing', name: 'own.gguf' });
    expect(await answer(recorded)).toEqual(await answer(open(() => undefined)));
  });

  it('in a folder that is not ours needs no sotto.json', async () => {
    const folder = join(temporaryFolder(), 'own');
    mkdirSync(folder);
    for (const name of ['config.json', 'model.safetensors', 'vocab.json'])
      copyFileSync(join(starter, name), join(folder, name));
    const recorded = open(() => folder);
    expect(await recorded.session.openModel()).toMatchObject({ name: 'own', contextWindow: 1024 });
    expect(await answer(recorded)).toEqual(await answer(open(() => undefined)));
  });
});

it('the bundled model has the window of its sotto.json', async () =>
  expect(await open(() => undefined).session.openModel()).toMatchObject({
    name: 'sotto-starter',
    contextWindow: 512,
  }));

describe('what is wrong is said once, in one line', () => {
  /** `recorded` fails as `message` says, each time it is asked. */
  async function check(recorded: Recorded, message: string): Promise<void> {
    await expect(recorded.session.openModel()).rejects.toThrow(message);
    await expect(recorded.session.openModel()).rejects.toThrow(message);
    expect(recorded.faults).toEqual([expect.stringContaining(message)]);
    expect(recorded.faults[0]).not.toContain('\n');
    expect(recorded.session.status).toMatchObject({ state: 'failed', fault: recorded.faults[0] });
    expect(recorded.log).toContain(`model not opened: ${recorded.faults[0]}`);
  }

  it('of the setting, and no process is started', async () => {
    const recorded = open(() => {
      throw new TypeError('setting sotto.model: found "a"');
    });
    await check(recorded, 'setting sotto.model: found "a"');
    expect(processesOf(recorded)).toEqual([]);
  });

  it('of a path that is not there, and no process is started', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    const recorded = open(() => path);
    await check(recorded, `${path}: file: is not there; expected a GGUF file or a checkpoint's folder`);
    expect(processesOf(recorded)).toEqual([]);
    writeFileSync(path, starterGguf);
    await recorded.session.openModel();
    expect(recorded.session.status).toEqual({ state: 'ready', name: 'own.gguf' });
  });

  it('of a file that is something else', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    writeFileSync(path, 'not a model');
    await check(
      open(() => path),
      `${path}: `,
    );
  });

  it('of a file that has no vocabulary, whose engine is of no use and is ended', async () => {
    const path = join(temporaryFolder(), 'own.gguf');
    writeFileSync(path, ggufBytes(ggufOfTinyLlama(tinyLlama, packF32)));
    const recorded = open(() => path);
    await check(recorded, `${path}: tokenizer.ggml.model: found nothing, expected one of gpt2, llama`);
    const [started, ...more] = processesOf(recorded);
    expect(more).toEqual([]);
    const id = Number(started?.split(' ')[2]);
    await vi.waitFor(() => expect(() => process.kill(id, 0)).toThrow('ESRCH'));
  });

  it('of what only the engine can see', async () => {
    const folder = join(temporaryFolder(), 'own');
    cpSync(starter, folder, { recursive: true });
    writeFileSync(join(folder, 'model.safetensors'), 'abc');
    const recorded = open(() => folder);
    await check(recorded, `${join(folder, 'model.safetensors')}: size: found 3 bytes, expected at least 8`);
    expect(processesOf(recorded)).toHaveLength(1);
    expect(readdirSync(recorded.graphs)).toEqual([]);
  });
});

it('closed while its graph is built, says nothing; the next start removes what was left', async () => {
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
