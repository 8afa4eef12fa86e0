/** The engine's process alone, tested through the messages on its channel. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FromEngine, ToEngine } from '../../src/engine-process/protocol';
import { temporaryFolder } from '../temporary-folder';
import { builtEngine, requestOf, sourceAt } from './record-engine';

const engineParent = join(__dirname, 'engine-parent.mjs');

function forkFor(script: string, ...args: string[]): ChildProcess {
  const child = fork(script, args, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const send = (child: ChildProcess, message: ToEngine) => child.send(message);

const load = (model: string): ToEngine => ({
  type: 'load',
  modelSource: sourceAt(join(__dirname, '../..', model)),
  graphsFolder: temporaryFolder(),
  threads: 1,
  mayRebuild: true,
});

/** The next message that `isWanted`. */
function received(child: ChildProcess, isWanted: (message: FromEngine) => boolean): Promise<FromEngine> {
  return new Promise(resolve => {
    child.on('message', (message: FromEngine) => {
      if (isWanted(message)) resolve(message);
    });
  });
}

it('runs at a lower priority than the editor', async () => {
  const engine = forkFor(builtEngine);
  const loaded = received(engine, ({ type }) => type === 'loaded');
  send(engine, load('test/fixtures/tiny-llama'));
  await loaded;
  expect(getPriority(engine.pid)).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
});

it('refuses a request before a model is loaded', async () => {
  const engine = forkFor(builtEngine);
  const answer = received(engine, () => true);
  send(engine, { type: 'generate', requestId: 5, request: requestOf([1], 1) });
  expect(await answer).toEqual({ type: 'request-failed', requestId: 5, message: 'no model is loaded' });
});

it('aborts only the request that an abort names', async () => {
  const engine = forkFor(builtEngine);
  const loaded = received(engine, ({ type }) => type === 'loaded');
  send(engine, load('test/fixtures/tiny-llama'));
  await loaded;
  const ended = received(engine, message => message.type === 'event' && message.event.type === 'end');
  send(engine, { type: 'generate', requestId: 2, request: requestOf([1], 40) });
  send(engine, { type: 'abort', requestId: 1 });
  expect(await ended).toMatchObject({ requestId: 2, event: { reason: 'max-tokens' } });
});

describe('ends with its parent', () => {
  /** If the parent is killed after such a message of the engine, the engine ends too and prints no error. */
  async function check(model: string, isMoment: (message: FromEngine) => boolean): Promise<void> {
    const parent = forkFor(engineParent, builtEngine);
    const loaded = received(parent, ({ type }) => type === 'loaded');
    const moment = received(parent, isMoment);
    send(parent, load(model));
    await loaded;
    send(parent, { type: 'generate', requestId: 1, request: requestOf([1, 2, 3], 100) });
    await moment;
    let errors = '';
    parent.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    // Both hold the output, so it is closed when the last of them has ended.
    const closed = once(parent, 'close');
    parent.kill('SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
    expect(errors).toBe('');
  }

  it('after a request', () =>
    check('test/fixtures/tiny-llama', message => message.type === 'event' && message.event.type === 'end'));

  it('during a request', () =>
    check('models/sotto-starter', message => message.type === 'event' && message.event.type === 'token'));
});

it('says that the library of ONNX Runtime cannot be loaded', async () => {
  const dist = temporaryFolder();
  copyFileSync(builtEngine, join(dist, 'engine.js'));
  mkdirSync(join(dist, 'onnxruntime'));
  const binding = 'onnxruntime/onnxruntime_binding.node';
  // The library that it needs is not beside it.
  copyFileSync(join(dirname(builtEngine), binding), join(dist, binding));
  const engine = forkFor(join(dist, 'engine.js'));
  const answer = received(engine, () => true);
  send(engine, load('test/fixtures/tiny-llama'));
  expect(await answer).toEqual({
    type: 'load-failed',
    message: expect.stringMatching(/^the library of ONNX Runtime cannot be loaded/),
  });
});
