/**
 * `npm run -s bench:sizes -- [NAME ...]`: import and speed of models in the sizes that people use, with random weights.
 *
 * Import and run have a process each, so that their peaks of memory are measured apart. All files are in a temporary
 * folder. It is removed when this process ends, after Ctrl-C too.
 */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../src/cli/command-line';
import { machine } from './measure/machine';
import { type ImportMeasures, measureImport, measureRun, type RunMeasures } from './sizes/measure-model';
import {
  type CheckpointShape,
  elementsOf,
  gpt2Shape,
  llamaShape,
  writeRandomCheckpoint,
} from './sizes/random-checkpoint';

interface Model {
  readonly shape: CheckpointShape;
  readonly bits: 4 | 8;
}

const models: Readonly<Record<string, Model>> = {
  gpt2: { shape: gpt2Shape(12, 768, 12), bits: 8 },
  'gpt2-medium': { shape: gpt2Shape(24, 1024, 16), bits: 8 },
  'gpt2-large': { shape: gpt2Shape(36, 1280, 20), bits: 8 },
  'gpt2-xl': { shape: gpt2Shape(48, 1600, 25), bits: 8 },
  'llama-7b': { shape: llamaShape(32, 4096, 32, 11_008), bits: 4 },
};

/** The only argument of a child process. The child answers with one message. */
type Task =
  | { readonly measure: 'import'; readonly checkpoint: string; readonly out: string; readonly bits: 4 | 8 }
  | { readonly measure: 'run'; readonly checkpoint: string; readonly out: string; readonly threads: number };

async function main(): Promise<void> {
  const [task] = process.argv.slice(2);
  if (task?.startsWith('{')) return answer(JSON.parse(task));
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(models);
  for (const name of names)
    if (!Object.hasOwn(models, name))
      throw new UsageError(`${name}: expected one of ${Object.keys(models).join(', ')}`);

  const folder = mkdtempSync(join(tmpdir(), 'sotto-sizes-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  const rows: string[][] = [];
  for (const name of names) rows.push(...(await measure(name, models[name]!, join(folder, name))));
  console.log(`\n${machine()}\n`);
  printRows(rows);
}

async function measure(name: string, { shape, bits }: Model, folder: string): Promise<string[][]> {
  const parameters = shape.tensors.reduce((sum, [, size]) => sum + elementsOf(size), 0);
  // Two bytes a weight for the checkpoint, and about one for the graph beside it.
  requireSpace(parameters * 3);
  const [checkpoint, out] = [join(folder, 'checkpoint'), join(folder, 'graph')];
  mkdirSync(checkpoint, { recursive: true });
  mkdirSync(out);
  try {
    console.error(`${name}: writing ${gigabytes(2 * parameters)} of random weights`);
    writeRandomCheckpoint(checkpoint, shape);
    console.error(`${name}: importing`);
    const imported = await inChild<ImportMeasures>({ measure: 'import', checkpoint, out, bits });
    const rows: string[][] = [];
    for (const threads of [1, 2]) {
      console.error(`${name}: running with ${threads} threads`);
      const run = await inChild<RunMeasures>({ measure: 'run', checkpoint, out, threads });
      rows.push(cells(name, parameters, bits, imported, threads, run));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function requireSpace(bytes: number): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize < bytes)
    throw new UsageError(
      `${tmpdir()}: found ${gigabytes(bavail * bsize)} free, expected ${gigabytes(bytes)}; TMPDIR names another folder`,
    );
}

function inChild<Result>(task: Task): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1]!, [JSON.stringify(task)]);
    // `answer` sends the result of the task's measure.
    child.on('message', message => resolve(message as Result));
    child.on('exit', (code, signal) =>
      reject(new Error(`${task.measure}: ended by ${signal ?? `code ${code}`}`)),
    );
    // It must end before the folder is removed that it writes to.
    const kill = () => child.kill('SIGKILL');
    process.prependOnceListener('exit', kill);
    child.on('exit', () => process.off('exit', kill));
  });
}

async function answer(task: Task): Promise<void> {
  const { checkpoint, out } = task;
  process.send?.(
    task.measure === 'import'
      ? measureImport(checkpoint, out, task.bits)
      : await measureRun(checkpoint, out, task.threads),
  );
  process.disconnect();
}

function cells(
  name: string,
  parameters: number,
  bits: number,
  { seconds, peakBytes, limitBytes, graphBytes }: ImportMeasures,
  threads: number,
  run: RunMeasures,
): string[] {
  const speed = (tokensPerSecond: number) =>
    tokensPerSecond >= 100 ? tokensPerSecond.toFixed(0) : tokensPerSecond.toFixed(1);
  return [
    name,
    `${(parameters / 1e6).toFixed(0)}M`,
    `int${bits}`,
    `${seconds.toFixed(1)} s`,
    `${megabytes(peakBytes)} / ${megabytes(limitBytes)}`,
    megabytes(graphBytes),
    String(threads),
    `${run.openSeconds.toFixed(1)} s`,
    megabytes(run.residentBytes),
    speed(run.prefill64),
    speed(run.prefill256),
    speed(run.decode),
  ];
}

function printRows(rows: readonly (readonly string[])[]): void {
  const heads =
    'model|weights|stored|import|peak / limit|graph|threads|open|resident|prefill 64|prefill 256|decode';
  console.log(`| ${heads.replaceAll('|', ' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(heads.split('|').length - 1)}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  console.log(
    '\nPeak: the importing process. Limit: that process before the import, the largest tensor twice as float32, and ' +
      'its blocks.\nResident: after prefill and decode, context 512. Speeds in tokens/s.',
  );
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : (error as Error).stack);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
