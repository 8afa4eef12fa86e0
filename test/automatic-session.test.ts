/** Both bundled models with real engines: which one answers, when it is replaced, and that the other one's process ends. */
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AutomaticSessionOptions, createAutomaticSession } from '../src/automatic-session';
import type { Speed } from '../src/bundled-models/choose-bundled-model';
import type { SpeedStore } from '../src/bundled-models/model-speeds';
import { defaultSettings, snapshotOf } from '../src/cli/command-line';
import type { Session } from '../src/session';
import { starter, starterGguf } from './checkpoint/starter';
import { temporaryFolder } from './temporary-folder';

const fast: Speed = { reads: 4000, writes: 800 };
const slow: Speed = { reads: 9, writes: 1 };

/** A checkout with the small model, and in place of the large one the same weights under another name. */
function checkout({ large = true } = {}): string {
  const root = temporaryFolder();
  symlinkSync(join(__dirname, '../dist'), join(root, 'dist'), 'junction');
  cpSync(starter, join(root, 'models/sotto-starter'), { recursive: true });
  if (!large) return root;
  const folder = join(root, 'models/sotto-113m');
  mkdirSync(folder);
  copyFileSync(starterGguf, join(folder, 'large.gguf'));
  writeFileSync(
    join(folder, 'sotto.json'),
    JSON.stringify({ name: 'large-for-test', contextWindow: 384, gguf: 'large.gguf' }),
  );
  return root;
}

interface Opened {
  readonly session: Session;
  readonly log: readonly string[];
  readonly faults: readonly string[];
  readonly kept: Speed[];
  /** Plugs the computer in, or pulls the plug. */
  readonly setBattery: (isOnBattery: boolean) => void;
}

function open({
  speed,
  isOnBattery = false,
  root = checkout(),
}: Partial<{ speed: Speed; isOnBattery: boolean; root: string }> = {}): Opened {
  const log: string[] = [];
  const faults: string[] = [];
  const kept: Speed[] = [];
  let isInUse = isOnBattery;
  let onChange: () => void = () => undefined;
  const speeds: SpeedStore = {
    find: () => speed,
    keep: (_, measured) => kept.push(measured),
  };
  const options: AutomaticSessionOptions = {
    root,
    graphsFolder: join(root, 'graphs'),
    threads: () => 1,
    log: line => log.push(line),
    onStatus: () => undefined,
    onFault: ({ message }) => faults.push(message),
    speeds,
    watchBattery(changed) {
      onChange = changed;
      return { isInUse: () => isInUse, dispose: () => undefined };
    },
  };
  const session = createAutomaticSession(options);
  onTestFinished(() => session.dispose());
  const setBattery = (isOn: boolean) => {
    isInUse = isOn;
    onChange();
  };
  return { session, log, faults, kept, setBattery };
}

/** Another test may keep the processor busy. */
const eventually = (check: () => void) => vi.waitFor(check, 20_000);

const untilNamed = (session: Session, name: string) =>
  eventually(() => expect(session.status).toMatchObject({ state: 'ready', name }));

/** Ids of the engines' processes that the log names. */
const processesOf = ({ log }: Opened) =>
  log.flatMap(line => /^engine process (\d+) started/.exec(line)?.[1] ?? []).map(Number);

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const root = join(__dirname, '..');
const request = {
  document: snapshotOf('sum.ts', 'function sum(a: number, b: number) {\n  return a ', ';\n}\n'),
  trigger: 'manual',
  scope: 'line',
  settings: { ...defaultSettings(root), copies: false, minConfidence: 0 },
} as const;

describe('with both models', () => {
  it('the small one is opened first, and the large one takes over; the small process ends', async () => {
    const opened = open({ speed: fast });
    const { session, kept } = opened;
    expect(session.status).toEqual({ state: 'idle', name: undefined, fault: undefined });
    expect(await session.openModel()).toMatchObject({ name: 'sotto-starter' });
    await untilNamed(session, 'large-for-test');
    expect(session.status.choice).toMatchObject({ answers: 'large', why: { kind: 'in-time' } });
    expect(await session.openModel()).toMatchObject({ name: 'large-for-test', contextWindow: 384 });
    const [small = 0, large = 0, ...more] = processesOf(opened);
    expect(more).toEqual([]);
    await eventually(() => expect(isAlive(small)).toBe(false));
    expect(isAlive(large)).toBe(true);
    expect(kept).toEqual([]);
  });

  it('the large one is measured if its speed is not known, and the figure is kept', async () => {
    const { session, kept, log } = open();
    await session.openModel();
    await eventually(() => expect(kept).toHaveLength(1));
    expect(kept[0]).toEqual({ reads: expect.any(Number), writes: expect.any(Number) });
    await eventually(() =>
      expect(log.join('\n')).toMatch(/(large|small) model answers: (a suggestion|this machine)/),
    );
  });

  it('where the large one is known to be late, it is not opened', async () => {
    const opened = open({ speed: slow });
    await opened.session.openModel();
    await eventually(() =>
      expect(opened.session.status.choice).toMatchObject({ answers: 'small', why: { kind: 'slow' } }),
    );
    expect(opened.session.status.name).toBe('sotto-starter');
    expect(processesOf(opened)).toHaveLength(1);
  });

  it('the small one takes over on a battery, and the large one when the computer is plugged in again', async () => {
    const opened = open({ speed: fast });
    const { session, setBattery } = opened;
    await session.openModel();
    await untilNamed(session, 'large-for-test');
    setBattery(true);
    await untilNamed(session, 'sotto-starter');
    expect(session.status.choice).toMatchObject({ why: { kind: 'battery' } });
    setBattery(false);
    await untilNamed(session, 'large-for-test');
    const processes = processesOf(opened);
    expect(processes).toHaveLength(4);
    await eventually(() => expect(processes.filter(isAlive)).toHaveLength(1));
  }, 60_000);

  it('the model that takes over has read the prompt of the last request', async () => {
    const { session } = open({ speed: fast });
    const { signal } = new AbortController();
    const first = await session.completer.complete(request, signal);
    expect(first.report).toMatchObject({ cachedTokens: 0 });
    await untilNamed(session, 'large-for-test');
    const { report } = await session.completer.completeAnew(request, signal);
    expect(report!.cachedTokens).toBeGreaterThanOrEqual(report!.promptTokens - 1);
  });

  it('the small one goes on if the large one cannot be opened, and nothing is reported but the log', async () => {
    const root = checkout();
    writeFileSync(join(root, 'models/sotto-113m/large.gguf'), 'no model');
    const { session, faults, log } = open({ root, speed: fast });
    await session.openModel();
    await eventually(() =>
      expect(session.status.choice).toMatchObject({ answers: 'small', why: { kind: 'failed' } }),
    );
    expect(session.status).toMatchObject({ state: 'ready', name: 'sotto-starter' });
    expect(faults).toEqual([]);
    expect(log.join('\n')).toMatch(/model not opened: .*large\.gguf/);
  });

  it('the small one takes over if the large process dies', async () => {
    const opened = open({ speed: fast });
    await opened.session.openModel();
    await untilNamed(opened.session, 'large-for-test');
    process.kill(processesOf(opened)[1]!, 'SIGKILL');
    await untilNamed(opened.session, 'sotto-starter');
    expect(opened.session.status.choice).toMatchObject({ why: { kind: 'failed' } });
  });

  it('no process is left when the session is over', async () => {
    const opened = open();
    await opened.session.openModel();
    await eventually(() => expect(processesOf(opened)).toHaveLength(2));
    opened.session.dispose();
    await eventually(() => expect(processesOf(opened).filter(isAlive)).toEqual([]));
  });
});

it('a checkout without the large model has the small one', async () => {
  const opened = open({ root: checkout({ large: false }) });
  await opened.session.openModel();
  await eventually(() =>
    expect(opened.session.status.choice).toMatchObject({ answers: 'small', why: { kind: 'absent' } }),
  );
  expect(processesOf(opened)).toHaveLength(1);
});
