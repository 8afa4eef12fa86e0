/**
 * `npm run bench:memory [-- --quick] [-- --model PATH] [-- --json FILE]`: what the engine's process costs while it exists.
 * It measures the time from start to first token, resident memory after many completions, processor time while the user
 * does not type, and how soon an aborted request stops. It runs the small model with the extension's defaults, or another
 * one: large, or a path. Only Linux tells the memory and the processor time of another process.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createAutomaticSession } from '../src/automatic-session';
import { defaultSettings, snapshotOf } from '../src/cli/command-line';
import { type Opened, withSession } from '../src/cli/with-session';
import { createBattery } from '../src/common/battery';
import { greedy } from '../src/generation/engine';
import { buildPrompt } from '../src/prompt/prompt-memory';
import { createRandom } from '../test/random';
import { documentIn, ownSources } from './corpus/own-sources';
import { cpuMsOf, machine, ownCpuMs, residentBytesOf } from './measure/machine';
import { median, quantile } from './measure/tables';
import { measureCancellation } from './memory/cancellation';
import { measureResident } from './memory/resident';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'string' },
    model: { type: 'string', default: 'small' },
  },
});
/** The large model may take more memory. A time is a bar for the small one, which answers while the large one loads. */
const bars = options.model === 'small' ? { resident: 200, start: 500 } : { resident: 400, start: 1500 };
const root = process.cwd();
const settings = defaultSettings(root);
const random = createRandom(1);
const sources = ownSources(root).filter(({ text }) => text.length > 4000);
const size = options.quick
  ? { starts: 4, marks: [100, 400], idleMs: 10_000, aborts: 60 }
  : { starts: 10, marks: [100, 1000, 10_000], idleMs: 60_000, aborts: 300 };
const megabyte = 1e6;
const withModel = (use: (model: Opened) => Promise<void>) =>
  withSession(root, 0, use, { modelPath: options.model });

interface Figure {
  readonly what: string;
  readonly unit: 'MB' | 'ms' | '%';
  /** Undefined where the system does not tell. */
  readonly value: number | undefined;
  /** The value should not exceed this. */
  readonly bar?: number;
}

async function main(): Promise<void> {
  console.log(`${machine()}\n\n| measured | | at most |\n| --- | ---: | ---: |`);
  const figures: Figure[] = [];
  const add = (...found: readonly Figure[]) => {
    for (const figure of found) console.log(`| ${rowOf(figure).join(' | ')} |`);
    figures.push(...found);
  };
  add(await measureStart(), await measureFirstSuggestion());
  await withModel(async model => {
    const loaded = residentBytesOf(model.engine.pid);
    add({ what: 'resident after load', unit: 'MB', value: inMegabytes(loaded), bar: bars.resident });
    const stops = await measureCancellation(model, settings, sources, random, size.aborts);
    add({ what: `from abort to stopped, p50 of ${stops.length}`, unit: 'ms', value: median(stops) });
    add({ what: 'from abort to stopped, p95', unit: 'ms', value: quantile(stops, 0.95), bar: 15 });
    const resident = await measureResident(model, settings, sources, random, size.marks);
    for (const [i, mark] of size.marks.entries())
      add({
        what: `resident after ${mark} completions`,
        unit: 'MB',
        value: inMegabytes(resident[i]),
        bar: bars.resident,
      });
    const [before, after] = resident.slice(-2);
    const grown = before === undefined || after === undefined ? undefined : after - before;
    const [from, to] = size.marks.slice(-2);
    add({ what: `growth from ${from} to ${to}`, unit: 'MB', value: inMegabytes(grown), bar: 5 });
    add(...(await measureIdle(model.engine.pid)));
  });
  if (options.json) {
    const ratios = Object.fromEntries(
      figures.flatMap(({ what, value, bar }) =>
        value === undefined || bar === undefined ? [] : [[`${what} / bar`, value / bar]],
      ),
    );
    writeFileSync(options.json, `${JSON.stringify({ machine: machine(), ratios, figures }, null, 2)}\n`);
  }
}

/** From the fork of the engine's process to the first token after a whole window. The tokenizer is opened meanwhile. */
async function measureStart(): Promise<Figure> {
  const values: number[] = [];
  const { document } = documentIn(sources[0]!, random, 1);
  for (let i = 0; i <= size.starts; i++) {
    const start = performance.now();
    await withModel(async model => {
      const { ids } = buildPrompt(document, model, settings);
      const stopping = { endIds: [], lastIds: [], maxTokens: 1, maxMs: 60_000 };
      const { signal } = new AbortController();
      // The first start does not count: it may read a cold disk, and build the graph.
      for await (const event of model.engine.generate({ ids, sampling: greedy, stopping }, signal))
        if (event.type === 'token' && i > 0) values.push(performance.now() - start);
    });
  }
  const what = `process start to first token, median of ${values.length}`;
  return { what, unit: 'ms', value: median(values), bar: bars.start };
}

/** As when a file is opened in the editor and asked about at once: both models, and no process before. */
async function measureFirstSuggestion(): Promise<Figure> {
  const lines = sources.flatMap(({ text }) => text.split('\n')).slice(0, 1000);
  const document = snapshotOf(
    'sample.ts',
    lines.slice(0, 500).join('\n'),
    `\n${lines.slice(500).join('\n')}`,
  );
  const asked = { ...settings, copies: false, minConfidence: 0 };
  const request = { document, trigger: 'manual', scope: 'line', settings: asked } as const;
  const { signal } = new AbortController();
  const ignore = () => undefined;
  const values: number[] = [];
  for (let i = 0; i <= size.starts; i++) {
    const start = performance.now();
    const session = createAutomaticSession({
      root,
      graphsFolder: join(root, '.cache/graphs'),
      threads: () => 0,
      log: ignore,
      onStatus: ignore,
      onFault: ignore,
      watchBattery: onChange => ({ ...createBattery({ onChange }), dispose: ignore }),
    });
    try {
      const { report } = await session.completer.complete(request, signal);
      // The first start does not count: it may build the graph.
      if (report !== undefined && i > 0) values.push(performance.now() - start);
    } finally {
      session.dispose();
    }
  }
  const what = `first suggestion in a file of 1,000 lines, median of ${values.length}`;
  return { what, unit: 'ms', value: median(values), bar: 1500 };
}

async function measureIdle(pid: number | undefined): Promise<Figure[]> {
  // After a second, the garbage of the last completion is collected.
  await sleep(1000);
  const [engine, own] = [cpuMsOf(pid), ownCpuMs()];
  await sleep(size.idleMs);
  const after = cpuMsOf(pid);
  const share = (ms: number) => (100 * ms) / size.idleMs;
  const used = engine === undefined || after === undefined ? undefined : share(after - engine);
  const seconds = size.idleMs / 1000;
  return [
    { what: `CPU over ${seconds} idle seconds, the engine's process`, unit: '%', value: used, bar: 0.1 },
    { what: 'CPU meanwhile, the asking process', unit: '%', value: share(ownCpuMs() - own), bar: 0.1 },
  ];
}

function inMegabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / megabyte;
}

function rowOf({ what, unit, value, bar }: Figure): string[] {
  const digits = unit === '%' ? 3 : 1;
  const shown = value === undefined ? 'unknown' : `${value.toFixed(digits)} ${unit}`;
  return [what, shown, bar === undefined ? '' : `${bar} ${unit}`];
}

main().catch((error: unknown) => {
  console.error((error as Error).stack);
  process.exitCode = 1;
});
