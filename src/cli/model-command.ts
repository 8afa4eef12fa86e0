/**
 * Shows what a model is, builds the graph of a checkpoint, and measures how fast a model is here.
 *
 *     npm run -s model -- inspect PATH
 *     npm run -s model -- import PATH [--bits 4|8|32] [--out DIR]
 *     npm run -s model -- measure PATH
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { modelPathOf } from '../bundled-models/bundled-models';
import { type Speed, suggestionMs } from '../bundled-models/choose-bundled-model';
import { measureSpeed, openSpeedStore, type SpeedOf } from '../bundled-models/model-speeds';
import { openGgufFile } from '../checkpoint/gguf-file';
import { ModelFileError } from '../checkpoint/model-file-error';
import {
  type CheckpointSource,
  type ExportSource,
  exportNote,
  type ModelSource,
  resolveModelSource,
  type WeightBits,
} from '../checkpoint/model-source';
import { renamePatiently } from '../common/microsoft-windows-files';
import { ensureGraph } from '../graph-cache/graph-cache';
import { removeQuietly } from '../graph-cache/graph-folders';
import { buildModel } from '../model/build-model';
import type { DecoderShape } from '../model/decoder-graph';
import { estimateMemory } from '../model/estimate-memory';
import { inspectCheckpoint, readShape } from '../model/inspect-checkpoint';
import { findLayout } from '../prompt/find-layout';
import { engineEntry, threadsOf } from '../session';
import { findTokenizer } from '../tokenizer/load-tokenizer';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { runCommand, UsageError } from './command-line';
import { withSession } from './with-session';

const usage = `usage: npm run -s model -- inspect PATH
       npm run -s model -- import PATH [--bits 4|8|32] [--out DIR]
       npm run -s model -- measure PATH
  PATH         small or large, the models that ship; a GGUF file, a folder with
               config.json and model.safetensors (or the index of several), or, to inspect or measure, a ready-made ONNX
               export: its folder or its file
  --bits BITS  of a stored weight; without it the file's own blocks, and 8 for what it has as floats
  --out DIR    where the graph goes, a folder that is not there yet; without it the cache of built graphs`;

const root = process.cwd();
const graphsFolder = join(root, '.cache/graphs');

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [command, given, ...rest] = positionals;
  if (given === undefined || rest.length > 0) throw new UsageError(usage);
  const path = modelPathOf(root, given);
  if (!existsSync(path)) throw new UsageError(`${path}: no such file or folder`);
  const bits = readBits(values.bits);
  if (command === 'inspect') await inspect(path, bits);
  else if (command === 'import') importModel(path, bits, values.out);
  else if (command === 'measure') await measure(path);
  else throw new UsageError(usage);
}

async function inspect(path: string, bits: WeightBits): Promise<void> {
  const model = resolveModelSource(path);
  const rows = model.kind === 'onnx-export' ? await exportRows(model) : await checkpointRows(model, bits);
  for (const [name, value] of [...rows, speedRow(model)]) console.log(`${name.padEnd(20)} ${value}`);
}

/** Measures as the editor does before the large model takes over, and keeps the figure. */
async function measure(path: string): Promise<void> {
  const signal = new AbortController().signal;
  const speed = await withSession(root, 0, ({ engine }) => measureSpeed(engine, signal), { modelPath: path });
  if (speed === undefined) throw new Error("the engine's process ended during the measure");
  openSpeedStore(graphsFolder).keep(speedOf(resolveModelSource(path)), speed);
  console.log(describeSpeed(speed));
}

function speedRow(model: ModelSource): readonly [string, string] {
  const speed = openSpeedStore(graphsFolder).find(speedOf(model));
  return [
    'speed here',
    speed === undefined ? 'not measured; "measure" in place of "inspect" does' : describeSpeed(speed),
  ];
}

function describeSpeed(speed: Speed): string {
  const [reads, writes, ms] = [speed.reads, speed.writes, suggestionMs(speed)].map(Math.round);
  return `reads ${reads} tokens a second and writes ${writes}, so a usual suggestion takes ${ms} ms`;
}

function speedOf(modelSource: ModelSource): SpeedOf {
  return { modelSource, threads: threadsOf(0), entry: engineEntry(root) };
}

type Rows = readonly (readonly [string, string])[];

async function checkpointRows(checkpoint: CheckpointSource, bits: WeightBits): Promise<Rows> {
  const { architecture, shape, parameters, storedTypes } = inspectCheckpoint(checkpoint);
  const { weights, cache, total } = estimateMemory(checkpoint, bits, checkpoint.contextWindow);
  const types = storedTypes.map(
    ({ type, tensors, bytes }) => `${type} ${tensors} tensors, ${megabytes(bytes)}`,
  );
  return [
    ['architecture', architecture],
    ['parameters', `${(parameters / 1e6).toFixed(1)}M`],
    ...sizeRows(shape),
    ['weights', types.join('; ')],
    ...(await tokenizerRows(checkpoint)),
    [
      'memory',
      `about ${megabytes(total)}: weights ${megabytes(weights)}, full cache ${megabytes(cache)}, ` +
        'the rest Node and ONNX Runtime',
    ],
  ];
}

/** Looks only at the size of the ONNX file. Its content is read by ONNX Runtime, in the engine's process. */
async function exportRows(model: ExportSource): Promise<Rows> {
  const { file } = model;
  // Weights that are too large for one file are beside it, in `model.onnx_data` or `model.onnx.data`.
  const files = readdirSync(dirname(file)).filter(name => name.startsWith(basename(file)));
  const bytes = files.reduce((sum, name) => sum + statSync(join(dirname(file), name)).size, 0);
  return [
    ['kind', exportNote],
    ['file', `${file}, ${megabytes(bytes)}`],
    ...sizeRows(readShape(model)),
    ...(await tokenizerRows(model)),
  ];
}

function sizeRows(shape: DecoderShape): Rows {
  const { layers, width, heads, kvHeads, headDim, vocabulary, contextLength } = shape;
  return [
    [
      'sizes',
      `${layers} layers, width ${width}, ${heads} heads of ${headDim}, ${kvHeads} of keys and values, ` +
        `vocabulary ${vocabulary}`,
    ],
    ['context', `${contextLength} tokens`],
  ];
}

/** If the tokenizer cannot be used, a row says why: the other rows are still worth a look. */
async function tokenizerRows(model: ModelSource): Promise<Rows> {
  try {
    const { name, load } = findTokenizer(model.tokenizerPath);
    const tokenizer = await load();
    const isInside = model.kind === 'gguf' && model.tokenizerPath === model.file;
    return describeTokenizer(isInside ? nameInGguf(model.file) : name, tokenizer);
  } catch (error) {
    if (error instanceof ModelFileError) return [['tokenizer', `none that can be used: ${error.message}`]];
    throw error;
  }
}

function nameInGguf(path: string): string {
  const file = openGgufFile(path);
  file.close();
  const kind = file.metadata.string('tokenizer.ggml.model');
  const pre = file.metadata.string('tokenizer.ggml.pre', { fallback: 'default' });
  return `${kind} (${pre}), in the file`;
}

function describeTokenizer(name: string, tokenizer: Tokenizer): Rows {
  const { startId, endIds = [] } = tokenizer;
  const start = startId === undefined ? 'no token' : `id ${startId}`;
  const ends = endIds.length === 0 ? 'no token of its own' : `id ${endIds.join(', ')}`;
  return [
    ['tokenizer', `${name}, ${tokenizer.vocabulary} tokens`],
    ['a text', `begins with ${start}, ends with ${ends}`],
    ['fill in the middle', findLayout(tokenizer).name],
  ];
}

function importModel(path: string, bits: WeightBits, out: string | undefined): void {
  const model = resolveModelSource(path);
  if (model.kind === 'onnx-export')
    throw new UsageError(`${path}: is a ready-made ONNX export, which runs as it is`);
  const start = performance.now();
  const graph =
    out === undefined ? ensureGraph(model, graphsFolder, { bits }) : buildInto(model, resolve(out), bits);
  const seconds = (performance.now() - start) / 1000;
  const folder = dirname(graph);
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  // maxRSS is in kilobytes.
  const peak = process.resourceUsage().maxRSS * 1024;
  console.log(
    `${graph}: ${megabytes(bytes)} in ${seconds.toFixed(1)} s, at most ${megabytes(peak)} of memory`,
  );
}

/** The folder gets its name when everything is in it, so it is whole or not there. */
function buildInto(checkpoint: CheckpointSource, out: string, bits: WeightBits): string {
  if (existsSync(out)) throw new UsageError(`${out}: is there already`);
  const unfinished = `${out}.unfinished`;
  if (existsSync(unfinished))
    throw new UsageError(`${unfinished}: is there already, from an import that was stopped`);
  try {
    mkdirSync(unfinished, { recursive: true });
    buildModel(checkpoint, unfinished, { bits });
    renamePatiently(unfinished, out);
  } finally {
    removeQuietly(unfinished);
  }
  return join(out, 'model.onnx');
}

function readBits(text: string | undefined): WeightBits {
  if (text === undefined) return 'stored';
  const bits = Number(text);
  if (bits !== 4 && bits !== 8 && bits !== 32) throw new UsageError(`--bits ${text}: expected 4, 8 or 32`);
  return bits;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { bits: { type: 'string' }, out: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage}`);
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

runCommand(main);
