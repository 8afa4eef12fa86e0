/** Graphs in a folder of limited size that several processes share, some of which are killed. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleForNode } from '../../scripts/bundle.mjs';
import { processMark } from '../../src/common/process-mark';
import { ensureGraph } from '../../src/graph-cache/graph-cache';
import { markOpen, removeAbandoned, removeLeastRecentlyUsed } from '../../src/graph-cache/graph-folders';
import { checkpointAt } from '../checkpoint/checkpoint-at';
import { temporaryFolder } from '../temporary-folder';

const tinyLlama = join(__dirname, '../fixtures/tiny-llama');
const tinyGpt2 = join(__dirname, '../fixtures/tiny-gpt2');

let buildGraph: string;
beforeAll(async () => {
  buildGraph = await bundleForNode('test/graph-cache/build-graph.ts');
}, 60_000);

interface Builder {
  readonly child: ChildProcess;
  /** The lines of its output so far. */
  readonly output: () => readonly string[];
}

/** A process that has begun to build a graph (build-graph.ts). */
async function begin(checkpoint: string, graphs: string, when: 'together' | 'never'): Promise<Builder> {
  const child = fork(buildGraph, [checkpoint, graphs, when], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await once(child.stdout!, 'data');
  return { child, output: () => text.trim().split('\n') };
}

it('two processes that build the same graph at once both get it, and only one copy stays', async () => {
  const graphs = temporaryFolder();
  const both = await Promise.all([1, 2].map(() => begin(tinyLlama, graphs, 'together')));
  const codes = await Promise.all(both.map(({ child }) => once(child, 'close')));
  expect(codes).toEqual([
    [0, null],
    [0, null],
  ]);
  const [path, ...more] = readdirSync(graphs).map(name => join(graphs, name, 'model.onnx'));
  expect(more).toEqual([]);
  for (const { output } of both) expect(output()).toEqual(['begun', path]);
});

it('removes the files of a killed build at the next start, but not those of a running build', async () => {
  const graphs = temporaryFolder();
  const killed = await begin(tinyLlama, graphs, 'never');
  const [left] = readdirSync(graphs);
  const living = await begin(tinyLlama, graphs, 'never');
  const [building] = readdirSync(graphs).filter(name => name !== left);
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  expect(readdirSync(graphs).sort()).toEqual([left, building].sort());

  const built = basename(dirname(ensureGraph(checkpointAt(tinyLlama), graphs, { bits: 8 })));
  expect(readdirSync(graphs).sort()).toEqual([built, building].sort());
  expect(living.child.exitCode).toBeNull();
});

describe('a half-written graph that may still be in work', () => {
  const day = 24 * 60 * 60;
  /** A half-written folder of `mark` that is `age` seconds old. */
  function check(mark: string, age: number, isKept: boolean): void {
    const graphs = temporaryFolder();
    const path = join(graphs, `key.${mark}.uuid.unfinished`);
    mkdirSync(path);
    utimesSync(path, Date.now() / 1000 - age, Date.now() / 1000 - age);
    removeAbandoned(graphs);
    expect(existsSync(path)).toBe(isKept);
  }

  it('on another machine is kept for a day', () => {
    check('00000000-1', day - 60, true);
    check('00000000-1', day + 60, false);
  });
  it('of a running process, which may be another one with the same id, is kept for a day', () => {
    check(processMark(), day - 60, true);
    check(processMark(), day + 60, false);
  });
  it('with an unreadable mark is kept for a day', () => {
    check('what', day - 60, true);
    check('what', day + 60, false);
  });
});

describe('a folder that is too large', () => {
  /** A graph of 100 bytes that the process `mark` opened `age` seconds ago. */
  function graph(graphs: string, name: string, age: number, mark = ''): string {
    const built = join(graphs, name);
    mkdirSync(built);
    writeFileSync(join(built, 'model.onnx'), '-'.repeat(100));
    if (mark !== '') writeFileSync(join(built, `${mark}.open`), '');
    for (const file of readdirSync(built))
      utimesSync(join(built, file), Date.now() / 1000 - age, Date.now() / 1000 - age);
    return built;
  }
  /** The mark of a process that does not exist: ids end at 2 ** 22 on Linux, at 99999 on macOS. */
  const dead = processMark().replace(/[0-9]+$/, '2147483646');

  it('loses the graphs that were opened longest ago, and no more', () => {
    const graphs = temporaryFolder();
    for (const [name, age] of [
      ['b', 30],
      ['c', 20],
      ['a', 40],
      ['d', 10],
    ] as const)
      graph(graphs, name, age, dead);
    removeLeastRecentlyUsed(graphs, 250);
    expect(readdirSync(graphs).sort()).toEqual(['c', 'd']);
    removeLeastRecentlyUsed(graphs, 200);
    expect(readdirSync(graphs).sort()).toEqual(['c', 'd']);
  });

  it('keeps a graph that a process has open', () => {
    const graphs = temporaryFolder();
    graph(graphs, 'open', 40, processMark());
    graph(graphs, 'closed', 30, dead);
    removeLeastRecentlyUsed(graphs, 0);
    expect(readdirSync(graphs)).toEqual(['open']);
  });

  it('loses a graph that was opened before the last restart, even if its process id runs again', () => {
    const graphs = temporaryFolder();
    graph(graphs, 'before', uptime() + 60, processMark());
    graph(graphs, 'since', uptime() / 2, processMark());
    removeLeastRecentlyUsed(graphs, 0);
    expect(readdirSync(graphs)).toEqual(['since']);
  });

  it('keeps a graph that another machine has opened within a day', () => {
    const graphs = temporaryFolder();
    const day = 24 * 60 * 60;
    graph(graphs, 'today', day - 60, '00000000-1');
    graph(graphs, 'yesterday', day + 60, '00000000-1');
    removeLeastRecentlyUsed(graphs, 0);
    expect(readdirSync(graphs)).toEqual(['today']);
  });

  it('keeps a graph that was opened again', () => {
    const graphs = temporaryFolder();
    const again = graph(graphs, 'again', 40, dead);
    graph(graphs, 'once', 30);
    markOpen(again);
    expect(readdirSync(again)).toEqual([`${processMark()}.open`, 'model.onnx'].sort());
    removeLeastRecentlyUsed(graphs, 100);
    expect(readdirSync(graphs)).toEqual(['again']);
  });

  it('loses old graphs after a build, never the new one', () => {
    const graphs = temporaryFolder();
    graph(graphs, 'old', 10, dead);
    const path = ensureGraph(checkpointAt(tinyLlama), graphs, { bits: 8 }, { maxBytes: 1 });
    expect(readdirSync(graphs)).toEqual([basename(dirname(path))]);
    expect(statSync(path).size).toBeGreaterThan(1000);
  });

  it('keeps all graphs that fit', () => {
    const graphs = temporaryFolder();
    const old = graph(graphs, 'old', 10, dead);
    ensureGraph(checkpointAt(tinyLlama), graphs, { bits: 8 });
    ensureGraph(checkpointAt(tinyGpt2), graphs, { bits: 8 }, { maxBytes: 1e9 });
    expect(readdirSync(graphs)).toHaveLength(3);
    expect(existsSync(old)).toBe(true);
  });
});
