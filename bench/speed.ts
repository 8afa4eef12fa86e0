/**
 * `npm run bench [-- --quick] [-- --model PATH] [-- --json FILE]`: how fast a model, if none is named the bundled one, loads, prefills and decodes in the engine's
 * real process, and how long a keystroke takes from request to text, with the KV cache and without it.
 *
 * With and without take turns on the same prompts, so that a busy moment of the machine slows both.
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultSettings, snapshotOf } from '../src/cli/command-line';
import { type Opened, withSession } from '../src/cli/with-session';
import type { EngineClient } from '../src/engine-process/engine-client';
import { greedy } from '../src/generation/engine';
import { ownSources } from './corpus/own-sources';
import { machine } from './measure/machine';
import { median, printRows, type Row, writeJson } from './measure/tables';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, model: { type: 'string' }, json: { type: 'string' } },
});
const given = { modelPath: options.model };
const root = process.cwd();
const settings = defaultSettings(root);
const repetitions = options.quick ? 5 : 15;
const keystrokes = options.quick ? 40 : 200;
/** Sequences that the engine keeps (engine-process.ts). After as many other prompts, it has forgotten one. */
const keptSequences = 4;

async function main(): Promise<void> {
  console.log(machine());
  const rows: Row[] = [await measureLoad()];
  for (const threads of [1, 2])
    rows.push(...(await withSession(root, threads, session => measureEngine(session, threads), given)));
  const typing = await withSession(root, 1, measureTyping, given);
  rows.push(...typing, ...(await withSession(root, 1, measureFirstKey, given)));
  printRows(`Sotto with ${options.model ? basename(options.model) : 'the bundled model'}`, rows);

  const [warm, cold] = typing;
  const ratios = { 'keystroke without the cache / with it': median(cold!.values) / median(warm!.values) };
  console.log(
    `\nA keystroke without the cache takes ${Object.values(ratios)[0]!.toFixed(1)} times as long as with it.`,
  );
  if (options.json) writeJson(options.json, rows, ratios);
}

/** From the fork of the engine's process until the model is ready. The graph exists already. */
async function measureLoad(): Promise<Row> {
  const values: number[] = [];
  for (let i = 0; i <= repetitions; i++) {
    const start = performance.now();
    await withSession(
      root,
      1,
      async () => {
        // The first start does not count: it may build the graph.
        if (i > 0) values.push(performance.now() - start);
        return [];
      },
      given,
    );
  }
  return { what: 'load: process start and tokenizer, to ready', unit: 'ms', values };
}

async function measureEngine({ engine }: Opened, threads: number): Promise<Row[]> {
  const suffix = `${threads} thread${threads > 1 ? 's' : ''}`;
  const prefill: Record<number, number[]> = { 64: [], 256: [] };
  const decode: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    for (const [length, values] of Object.entries(prefill)) {
      const { prefillMs } = await run(engine, prompt(Number(length), i * 1000 + Number(length)), 1);
      values.push(Number(length) / (prefillMs / 1000));
    }
    const { prefillMs, totalMs, tokens } = await run(engine, prompt(256, i), 64);
    decode.push((tokens - 1) / ((totalMs - prefillMs) / 1000));
  }
  return [
    ...Object.entries(prefill).map(([length, values]) => ({
      what: `prefill of ${length} tokens, ${suffix}`,
      unit: 'tokens/s',
      values,
    })),
    { what: `decode after 256 tokens, ${suffix}`, unit: 'tokens/s', values: decode },
  ];
}

/** Types a stretch of a file, and asks for the rest of the line after each character. */
async function measureTyping({ completer, engine }: Opened): Promise<Row[]> {
  const { path, text } = ownSources(root).find(source => source.path === 'src/completion/complete.ts')!;
  const from = Math.floor(text.length / 2);
  const { signal } = new AbortController();
  const ask = async (at: number) => {
    const start = performance.now();
    const document = snapshotOf(path, text.slice(0, at), text.slice(text.indexOf('\n', at)));
    await completer.completeAnew({ document, trigger: 'manual', scope: 'line', settings }, signal);
    return performance.now() - start;
  };
  await ask(from);
  const warm: number[] = [];
  const cold: number[] = [];
  for (let at = from + 1; at <= from + keystrokes; at++) {
    warm.push(await ask(at));
    for (let other = 0; other < keptSequences; other++)
      await run(engine, prompt(16, at * keptSequences + other), 1);
    cold.push(await ask(at));
  }
  return [
    { what: 'keystroke to text, with the cache, 1 thread', unit: 'ms', values: warm },
    { what: 'keystroke to text, without the cache, 1 thread', unit: 'ms', values: cold },
  ];
}

/** Lines of a file that is opened, and the keys of which the first is compared with the last. */
const openedLines = 1000;
const firstKeys = 10;

/** Files of 1,000 lines are opened, and keys are typed in their middle. Half of the files are read ahead before that. */
async function measureFirstKey({ completer, engine }: Opened): Promise<Row[]> {
  const lines = ownSources(root).flatMap(({ text }) => text.split('\n'));
  const times: Record<'ahead' | 'cold' | 'last', number[]> = { ahead: [], cold: [], last: [] };
  const { signal } = new AbortController();
  for (let file = 0; file < 2 * repetitions; file++) {
    const from = (file * 97) % (lines.length - openedLines);
    const text = lines.slice(from, from + openedLines).join('\n');
    const start = text.indexOf('\n', text.length / 2) + 1;
    const added = 'const found = index.get(';
    const requestAfter = (keys: number) => {
      const document = snapshotOf(
        `file-${file}.ts`,
        text.slice(0, start) + added.slice(0, keys),
        text.slice(start - 1),
      );
      return {
        document,
        trigger: 'automatic',
        scope: 'line',
        // The model must answer, and not a copy.
        settings: { ...settings, debounce: 0, copies: false },
      } as const;
    };
    for (let other = 0; other < keptSequences; other++)
      await run(engine, prompt(16, file * keptSequences + other), 1);
    const isAhead = file % 2 === 0;
    if (isAhead) await completer.readAhead(requestAfter(0));
    for (let key = 1; key <= firstKeys; key++) {
      const asked = performance.now();
      await completer.completeAnew(requestAfter(key), signal);
      const ms = performance.now() - asked;
      if (key === 1) times[isAhead ? 'ahead' : 'cold'].push(ms);
      if (key === firstKeys) times.last.push(ms);
    }
  }
  return [
    {
      what: `first key in a file of ${openedLines} lines that was read ahead`,
      unit: 'ms',
      values: times.ahead,
    },
    { what: 'first key in one that was not', unit: 'ms', values: times.cold },
    { what: `key number ${firstKeys}`, unit: 'ms', values: times.last },
  ];
}

/** One greedy generation of `maxTokens` tokens. */
async function run(engine: EngineClient, ids: readonly number[], maxTokens: number) {
  const stopping = { endIds: [], lastIds: [], maxTokens, maxMs: 60_000 };
  let prefillMs = 0;
  let totalMs = 0;
  let tokens = 0;
  for await (const event of engine.generate(
    { ids, sampling: greedy, stopping },
    new AbortController().signal,
  )) {
    if (event.type === 'prefill') prefillMs = event.ms;
    else if (event.type === 'token') tokens++;
    else totalMs = event.ms;
  }
  return { prefillMs, totalMs, tokens };
}

/** Ids that begin like no other prompt of the bench, so that the cache serves none of them. */
function prompt(length: number, salt: number): number[] {
  return Array.from({ length }, (_, i) => 300 + ((i * 7919 + salt * 104_729) % 7000));
}

void main();
