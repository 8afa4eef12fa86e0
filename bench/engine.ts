/**
 * `npm run bench:engine [-- --quick] [-- --json FILE] [-- --shape NAME]`: our engine and llama.cpp on the same GGUF file.
 *
 * Each runs in a process of its own, and times are taken inside that process. They take turns, so that a busy moment of
 * the machine slows both. Weights are random, in the shape of the bundled model and nearly in that of `46m` in train/
 * (42M parameters). What speculation is worth is measured with the bundled model on real code.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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
};

const contextSize = 1280;
const lengths = options.quick ? [64, 256] : [64, 256, 1024];
const depths = options.quick ? [64, 512] : [64, 512, 1024];
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
  for (const name of options.shape ?? (options.quick ? ['bundled'] : Object.keys(shapes))) {
    const shape = shapes[name];
    if (shape === undefined) throw new Error(`--shape ${name}: expected one of ${Object.keys(shapes)}`);
    for (const threads of [1, 2]) rows.push(...(await compare(name, shape, threads, ratios)));
  }
  const speculation = await measureSpeculation(process.cwd(), { prompts: options.quick ? 24 : 60 });
  printRows('Speculation: the bundled model on the pinned corpus, 1 thread', speculation.rows);
  Object.assign(ratios, speculation.ratios);
  const roofline = await measureRoofline();
  printRows('What this machine can do, 1 thread', roofline);

  console.log('\n| ratio of medians | |\n| --- | ---: |');
  for (const [what, ratio] of Object.entries(ratios)) console.log(`| ${what} | ${ratio.toFixed(2)} |`);
  if (options.json) writeJson(options.json, [...rows, ...speculation.rows, ...roofline], ratios);
}

async function compare(
  name: string,
  shape: LlamaShape,
  threads: number,
  ratios: Record<string, number>,
): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  const engines: Record<string, Engine> = {};
  try {
    const file = join(folder, `${name}.gguf`);
    writeRandomGguf(file, shape);
    const own = { checkpoint: file, threads, contextSize };
    engines['llama.cpp, Q4_0'] = await openLlama(process.cwd(), file, { threads, contextSize });
    engines["Sotto, the file's blocks"] = await openSotto({ ...own, bits: 'stored' });
    engines['Sotto, int8 as it ships'] = await openSotto({ ...own, bits: 8 });
    engines['the copying path, int8'] = await openSotto({ ...own, bits: 8, copies: true });

    const rows: Row[] = [];
    const measures = measuresOf(shape);
    for (const { what, unit, measure } of measures) {
      const values = Object.keys(engines).map((): number[] => []);
      // The first round does not count: in it, memory is allocated that later rounds reuse.
      for (let round = 0; round <= repetitions; round++)
        for (const [i, engine] of Object.values(engines).entries()) {
          const value = await measure(engine, round);
          if (round > 0) values[i]!.push(value);
        }
      const [llama, ...ours] = values.map(median);
      for (const [i, rival] of Object.keys(engines).entries()) {
        rows.push({ what: `${what}: ${rival}`, unit, values: values[i]! });
        if (i > 0)
          ratios[`${name}, ${threads} thread${threads > 1 ? 's' : ''}, ${what}: ${rival} / llama.cpp`] =
            ours[i - 1]! / llama!;
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
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measure {
  readonly what: string;
  readonly unit: string;
  readonly measure: (engine: Engine, round: number) => Promise<number>;
}

function measuresOf({ vocabulary }: LlamaShape): Measure[] {
  const prompt = (length: number, salt: number) =>
    Array.from({ length }, (_, i) => 300 + ((i * 7919 + salt * 104_729) % (vocabulary - 400)));
  return [
    ...lengths.map(length => ({
      what: `prefill of ${length}`,
      unit: 'tokens/s',
      measure: async (engine: Engine, round: number) => {
        const { prefillMs } = await engine.generate(prompt(length, round), 0, 1);
        return length / (prefillMs / 1000);
      },
    })),
    ...depths.map(depth => ({
      what: `decode after ${depth}`,
      unit: 'tokens/s',
      measure: async (engine: Engine, round: number) => {
        const { decodeMs } = await engine.generate(prompt(depth, round), 0, decodedTokens);
        return (decodedTokens - 1) / (decodeMs / 1000);
      },
    })),
    ...depths.map(depth => ({
      what: `4 tokens after going back to ${depth - 4}`,
      unit: 'ms',
      measure: async (engine: Engine, round: number) => {
        await engine.generate(prompt(depth, round), 0, 1);
        const { prefillMs } = await engine.generate([301, 302, 303, 304], depth - 4, 1);
        return prefillMs;
      },
    })),
  ];
}

if (!serveSotto()) void main();
