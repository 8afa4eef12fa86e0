import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureSpeed, openSpeedStore, type SpeedOf } from '../../src/bundled-models/model-speeds';
import { resolveModelSource } from '../../src/checkpoint/model-source';
import type { Engine, GenerateEvent } from '../../src/generation/engine';
import { starter } from '../checkpoint/starter';
import { temporaryFolder } from '../temporary-folder';

const { signal } = new AbortController();

describe('a measure', () => {
  /** Reads and writes in these milliseconds, round by round, as its clock says. */
  function engineOf(rounds: readonly (readonly [readMs: number, writeMs: number])[]): Engine {
    const left = [...rounds];
    const prompts: string[] = [];
    return {
      async *generate({ ids, stopping }): AsyncGenerator<GenerateEvent> {
        expect(prompts).not.toContain(ids.join());
        prompts.push(ids.join());
        const [readMs, writeMs] = left.shift() ?? [1000, 1000];
        yield { type: 'prefill', cached: 0, computed: ids.length, ms: readMs };
        for (let i = 0; i < stopping.maxTokens; i++) yield { type: 'token', id: 1, logProb: 0 };
        yield { type: 'end', reason: 'max-tokens', ms: readMs + writeMs };
      },
    };
  }

  it('is the best of its rounds, each with another prompt', async () => {
    const engine = engineOf([
      [640, 80],
      [320, 160],
    ]);
    expect(await measureSpeed(engine, signal)).toEqual({ reads: 200, writes: 100 });
  });

  it('is none if the process has ended', async () => {
    const engine: Engine = {
      async *generate(): AsyncGenerator<GenerateEvent> {
        yield { type: 'end', reason: 'failed', ms: 0 };
      },
    };
    expect(await measureSpeed(engine, signal)).toBeUndefined();
  });
});

describe('the file of speeds', () => {
  const fast = { reads: 400, writes: 80 };
  const slow = { reads: 90, writes: 17 };
  const of: SpeedOf = { modelSource: resolveModelSource(starter), threads: 1, entry: __filename };
  const dayMs = 24 * 60 * 60 * 1000;

  function open(graphs = join(temporaryFolder(), 'graphs')) {
    let time = Date.UTC(2026, 0, 1);
    const store = openSpeedStore(graphs, () => time);
    return {
      ...store,
      graphs,
      path: join(dirname(graphs), 'speeds.json'),
      later: (ms: number) => (time += ms),
    };
  }

  it('is beside the graphs, and another window finds what is kept there', () => {
    const { keep, graphs, path } = open();
    keep(of, fast);
    expect(open(graphs).find(of)).toEqual(fast);
    expect(readdirSync(dirname(path))).toEqual(['speeds.json']);
  });

  it('has no figure for other threads, another model or another build of the engine', () => {
    const { keep, find } = open();
    keep(of, fast);
    expect(find({ ...of, threads: 2 })).toBeUndefined();
    expect(find({ ...of, modelSource: resolveModelSource('test/fixtures/tiny-llama') })).toBeUndefined();
    expect(find({ ...of, entry: 'package.json' })).toBeUndefined();
  });

  it('keeps a fast figure for good, and a slow one for a day: the machine may have been busy', () => {
    for (const [speed, expected] of [
      [fast, fast],
      [slow, undefined],
    ] as const) {
      const { keep, find, later } = open();
      keep(of, speed);
      later(dayMs);
      expect(find(of)).toEqual(speed);
      later(1);
      expect(find(of)).toEqual(expected);
    }
  });

  it.each(['', 'no JSON', 'null', '[]', '{"a": 1}'])('counts as empty if it holds %j', text => {
    const { keep, find, path } = open();
    writeFileSync(path, text);
    expect(find(of)).toBeUndefined();
    keep(of, fast);
    expect(find(of)).toEqual(fast);
  });

  it.each([{ reads: 'a' }, { reads: 0 }, { reads: null }, null])('ignores a damaged figure: %j', damage => {
    const { keep, find, path } = open();
    keep(of, fast);
    const entries = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, object>);
    const damaged = entries.map(([key, kept]) => [key, damage && { ...kept, ...damage }]);
    writeFileSync(path, JSON.stringify(Object.fromEntries(damaged)));
    expect(find(of)).toBeUndefined();
  });
});
