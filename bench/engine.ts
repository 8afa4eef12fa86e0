/**
 * `npm run bench:engine [-- --quick] [-- --json FILE] [-- --shape NAME] [-- --model FILE.gguf]`: our engine and llama.cpp
 * on the same GGUF file.
 *
 * Each runs in a process of its own, and times are taken inside that process. They take turns, so that a busy moment of
 * the machine slows both. Weights are random, in the shapes of the bundled model, nearly of `46m` in train/ (42M
 * parameters), and of the adapted model (113M). `--model` takes the weights of a file instead. Ratios are to llama.cpp's
 * best. What speculation is worth is measured on real code, with the bundled model or that of `--model`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveModelSource } from '../src/checkpoint/model-source';
import { readShape } from '../src/model/inspect-checkpoint';
import { type LlamaShape, writeRandomGguf } from './engine/random-gguf';
import { measureRoofline } from './engine/roofline';
import { measureSpeculation } from './engine/speculation';
import { machine } from './measure/machine';
import { median, printRows, type Row, writeJson } from './measure/tables';
import { openLlama } from './rivals/llama';
import { openSotto, serveSotto } from './rivals/sotto';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'string' },
    shape: { type: 'string', multiple: true },
    model: { type: 'string' },
    sotto: { type: 'boolean' },
  },
});

const shapes: Readonly<Record<string, LlamaShape>> = {
  bundled: {
    layers: 6,
    width: 256,
    heads: 4,
    kvHeads: 2,
    feedForward: 704,
    vocabulary: 8192,
    contextLength: 1280,
  },
  '46M': {
    layers: 12,
    width: 512,
    heads: 8,
    kvHeads: 2,
    feedForward: 1408,
    vocabulary: 16_640,
    contextLength: 1280,
  },
  '113M': {
    layers: 30,
    width: 576,
    heads: 9,
    kvHeads: 3,
    feedForward: 1536,
    vocabulary: 12_288,
    contextLength: 1280,
  },
};

const longestContext = 1280;
const lengths = options.quick ? [64, 256] : [64, 256, 1024];
const depths = options.quick ? [64, 448] : [64, 448, 1024];
const decodedTokens = 17;
const repetitions = options.quick ? 5 : 15;

interface Engine {
  /** Keeps the first `from` tokens of the last run, appends `ids`, and writes `count` tokens after them. */
  generate(
    ids: readonly number[],
    from: number,
    count: number,
  ): Promise<{ readonly prefillMs: number; readonly decodeMs: number }>;
  memory(): Promise<number>;
  readonly loadMs: number;
  close(): void;
}

async function main(): Promise<void> {
  console.log(machine());
  const ratios: Record<string, number> = {};
  const rows: Row[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  try {
    for (const make of options.model ? [givenFile(options.model)] : chosenShapes(folder)) {
      const subject = make();
      for (const threads of [1, 2]) rows.push(...(await compare(subject, threads, ratios)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const speculation = await measureSpeculation(process.cwd(), {
    prompts: options.quick ? 24 : 60,
    model: options.model
      ? { checkpoint: options.model, bits: 'stored' }
      : { checkpoint: join(process.cwd(), 'models/sotto-starter'), bits: 8 },
  });
  const speculating = options.model ? basename(options.model) : 'the bundled model';
  printRows(`Speculation: ${speculating} on the pinned corpus, 1 thread`, speculation.rows);
  Object.assign(ratios, speculation.ratios);
  const roofline = await measureRoofline();
  printRows('What this machine can do, 1 thread', roofline);

  console.log('\n| ratio of medians | |\n| --- | ---: |');
  for (const [what, ratio] of Object.entries(ratios)) console.log(`| ${what} | ${ratio.toFixed(2)} |`);
  if (options.json) writeJson(options.json, [...rows, ...speculation.rows, ...roofline], ratios);
}

/** What is measured: the same weights as files for llama.cpp, by the type of their blocks. Sotto runs the first. */
interface Subject {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly vocabulary: number;
  readonly contextLength: number;
}

function chosenShapes(folder: string): (() => Subject)[] {
  return (options.shape ?? (options.quick ? ['bundled'] : Object.keys(shapes))).map(name => {
    const shape = shapes[name];
    if (shape === undefined) throw new Error(`--shape ${name}: expected one of ${Object.keys(shapes)}`);
    const files = { Q4_0: join(folder, `${name}-q4_0.gguf`), Q8_0: join(folder, `${name}-q8_0.gguf`) };
    return () => {
      writeRandomGguf(files.Q4_0, shape, 4);
      writeRandomGguf(files.Q8_0, shape, 8);
      return { name, files, ...shape };
    };
  });
}

function givenFile(file: string): () => Subject {
  const { vocabulary, contextLength } = readShape(resolveModelSource(file));
  return () => ({ name: basename(file), files: { 'the same file': file }, vocabulary, contextLength });
}

async function compare(subject: Subject, threads: number, ratios: Record<string, number>): Promise<Row[]> {
  const { name, files } = subject;
  const contextSize = Math.min(longestContext, subject.contextLength);
  const engines: Record<string, Engine> = {};
  try {
    for (const [type, file] of Object.entries(files))
      engines[`llama.cpp, ${type}`] = await openLlama(process.cwd(), file, { threads, contextSize });
    const own = { checkpoint: Object.values(files)[0]!, threads, contextSize };
    engines["Sotto, the file's blocks"] = await openSotto({ ...own, bits: 'stored' });
    engines['Sotto, int8'] = await openSotto({ ...own, bits: 8 });
    engines['the copying path, int8'] = await openSotto({ ...own, bits: 8, copies: true });
    const rivals = Object.keys(files).length;

    const rows: Row[] = [];
    const measures = measuresOf(subject.vocabulary, contextSize);
    for (const { what, unit, isBetterHigh, measure } of measures) {
      const values = Object.keys(engines).map((): number[] => []);
      // The first round does not count: in it, memory is allocated that later rounds reuse.
      for (let round = 0; round <= repetitions; round++)
        for (const [i, engine] of Object.values(engines).entries()) {
          const value = await measure(engine, round);
          if (round > 0) values[i]!.push(value);
        }
      const medians = values.map(median);
      const llama = (isBetterHigh ? Math.max : Math.min)(...medians.slice(0, rivals));
      for (const [i, engine] of Object.keys(engines).entries()) {
        rows.push({ what: `${what}: ${engine}`, unit, values: values[i]! });
        if (i >= rivals)
          ratios[`${name}, ${threads} thread${threads > 1 ? 's' : ''}, ${what}: ${engine} / llama.cpp`] =
            medians[i]! / llama;
      }
    }
    for (const [rival, engine] of Object.entries(engines)) {
      rows.push({ what: `load: ${rival}`, unit: 'ms', values: [engine.loadMs] });
      rows.push({ what: `resident: ${rival}`, unit: 'MB', values: [(await engine.memory()) / 1e6] });
    }
    printRows(`${name}: ${threads} thread${threads > 1 ? 's' : ''}`, rows);
    return rows.map(row => ({ ...row, what: `${name}, ${threads}: ${row.what}` }));
  } finally {
    for (const engine of Object.values(engines)) engine.close();
  }
}

interface Measure {
  readonly what: string;
  readonly unit: string;
  readonly isBetterHigh: boolean;
  readonly measure: (engine: Engine, round: number) => Promise<number>;
}

function measuresOf(vocabulary: number, contextSize: number): Measure[] {
  const fits = (length: number) => length + decodedTokens <= contextSize;
  const prompt = (length: number, salt: number) =>
    Array.from({ length }, (_, i) => 300 + ((i * 7919 + salt * 104_729) % (vocabulary - 400)));
  return [
    ...lengths.filter(fits).map(length => ({
      what: `prefill of ${length}`,
      unit: 'tokens/s',
      isBetterHigh: true,
      measure: async (engine: Engine, round: number) => {
        const { prefillMs } = await engine.generate(prompt(length, round), 0, 1);
        return length / (prefillMs / 1000);
      },
    })),
    ...depths.filter(fits).map(depth => ({
      what: `decode after ${depth}`,
      unit: 'tokens/s',
      isBetterHigh: true,
      measure: async (engine: Engine, round: number) => {
        const { decodeMs } = await engine.generate(prompt(depth, round), 0, decodedTokens);
        return (decodedTokens - 1) / (decodeMs / 1000);
      },
    })),
    ...depths.filter(fits).map(depth => ({
      what: `4 tokens after going back to ${depth - 4}`,
      unit: 'ms',
      isBetterHigh: false,
      measure: async (engine: Engine, round: number) => {
        await engine.generate(prompt(depth, round), 0, 1);
        const { prefillMs } = await engine.generate([301, 302, 303, 304], depth - 4, 1);
        return prefillMs;
      },
    })),
  ];
}

if (!serveSotto()) void main();
