/**
 * The engine's own process: it loads a model, then answers one generation at a time. The messages are in `protocol.ts`,
 * the generation is in `generate.ts`.
 *
 * It is a process and not a thread, because a run of ONNX Runtime blocks the event loop, and to stop a worker thread
 * inside a run aborts the whole process. It ends when its parent ends.
 */
import { constants, setPriority } from 'node:os';
import { ModelFileError } from '../checkpoint/model-file-error';
import { exportNote } from '../checkpoint/model-source';
import type { Decoder } from '../generation/decoder';
import type { Engine, GenerateRequest } from '../generation/engine';
import { chunkLengthFor, generate } from '../generation/generate';
import { createCachePool, type TokenCache } from '../generation/kv-cache';
import { createPromptLogits } from '../generation/prompt-logits';
import { createSpeculation } from '../generation/speculation';
import { dropGraph, ensureGraph } from '../graph-cache/graph-cache';
import { readShape } from '../model/inspect-checkpoint';
import { loadDecoders } from '../onnx/load-decoders';
import type { FromEngine, ToEngine } from './protocol';

function main(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  process.on('disconnect', () => process.exit(0));
  let engine: Engine | undefined;
  let current: { readonly requestId: number; readonly controller: AbortController } | undefined;
  /** Generations run one after another: each aborts the one before and waits for its end. */
  let previous: Promise<void> = Promise.resolve();

  process.on('message', (message: ToEngine) => {
    switch (message.type) {
      case 'load':
        void load(message).then(loaded => {
          engine = loaded;
        });
        return;
      case 'abort':
        if (current?.requestId === message.requestId) current.controller.abort();
        return;
      case 'generate': {
        current?.controller.abort();
        const { requestId, request } = message;
        const controller = new AbortController();
        current = { requestId, controller };
        previous = previous.then(() => answer(engine, requestId, request, controller.signal));
      }
    }
  });
}

/** Sends the events of one generation. */
async function answer(
  engine: Engine | undefined,
  requestId: number,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (engine === undefined) throw new Error('no model is loaded');
    for await (const event of engine.generate(request, signal)) send({ type: 'event', requestId, event });
  } catch (error) {
    send({ type: 'request-failed', requestId, message: (error as Error).message });
  }
}

/** @returns undefined if the model cannot be loaded; the client is told why */
async function load({
  modelSource,
  graphsFolder,
  threads,
  mayRebuild,
}: ToEngine & { readonly type: 'load' }): Promise<Engine | undefined> {
  try {
    const start = performance.now();
    const { openExportDecoder, openOnnxDecoder } = await loadDecoders();
    const onBuild = () => send({ type: 'loading', step: 'build' });
    const onProgress = (done: number) => {
      if (performance.now() - lastSent >= progressIntervalMs) send({ type: 'building', done });
    };
    const isExport = modelSource.kind === 'onnx-export';
    const bits = modelSource.weightBits;
    const path = isExport
      ? modelSource.file
      : ensureGraph(modelSource, graphsFolder, { bits }, { onBuild, onProgress });
    send({ type: 'loading', step: 'open' });
    const built = performance.now();
    const shape = readShape(modelSource);
    // A cache for the model's whole context may take gigabytes, and no prompt is longer than the window.
    const sizes = { ...shape, contextLength: Math.min(shape.contextLength, modelSource.contextWindow) };
    if (isExport) {
      const decoder = await openExportDecoder(path, sizes, { threads });
      const engine = await createEngine(decoder, chunkLengthFor(shape));
      const openMs = performance.now() - built;
      const { contextLength } = decoder.sizes;
      send({ type: 'loaded', buildMs: 0, openMs, contextWindow: contextLength, note: exportNote });
      return engine;
    }
    const decoder = await openOnnxDecoder(path, sizes, { threads }).catch((error: unknown) => {
      // A graph that was damaged on disk fails at every start until it is built again. A graph that is too large for
      // the memory fails at every start as well, and a new build would not help: so the client allows it once only.
      if (mayRebuild) dropGraph(path);
      throw error;
    });
    const engine = await createEngine(decoder, chunkLengthFor(shape));
    const openMs = performance.now() - built;
    send({ type: 'loaded', buildMs: built - start, openMs, contextWindow: decoder.sizes.contextLength });
    return engine;
  } catch (error) {
    if (error instanceof ModelFileError) {
      const { file, field, problem } = error;
      send({ type: 'model-fault', file, field, problem });
    } else {
      send({ type: 'load-failed', message: (error as Error).message });
    }
    return undefined;
  }
}

/**
 * Memory of all caches together, counted as if they held floats; most hold half floats, which take half of it. The models
 * that ship get all four caches, a model of billions of weights only one.
 */
const maxCacheBytes = 96e6;
const maxCaches = 4;

/** The engine of a loaded model: it takes a cache for each prompt and runs the generation. */
async function createEngine<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  chunkLength: number,
): Promise<Engine> {
  const { layers, kvHeads, headDim, contextLength } = decoder.sizes;
  const bytes = 2 * layers * kvHeads * headDim * contextLength * Float32Array.BYTES_PER_ELEMENT;
  const pool = createCachePool(
    () => decoder.createCache(),
    clamp(Math.floor(maxCacheBytes / bytes), 1, maxCaches),
  );
  const cache = pool.take([]);
  // The first run allocates memory that later runs use again. It is slow, so it should not be the first keystroke's.
  const length = Math.min(chunkLength, cache.capacity);
  await decoder.run(new Array<number>(length).fill(0), cache, [0]);
  cache.rewind(0);
  const now = () => performance.now();
  const speculation = createSpeculation();
  const setup = { decoder, now, yieldToEvents, chunkLength, speculation, promptLogits: createPromptLogits() };
  return {
    generate: (request, signal) => generate({ ...setup, cache: pool.take(request.ids) }, request, signal),
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

let lastSent = 0;

function send(message: FromEngine): void {
  lastSent = performance.now();
  // With a callback, a parent that has ended causes no uncaught error: 'disconnect' follows and ends this process.
  process.send?.(message, undefined, undefined, () => undefined);
}

/** The client kills a process that is silent for much longer (`engine-client.ts`). */
const aliveIntervalMs = 1_000;

/** People cannot read numbers that change faster. */
const progressIntervalMs = 250;

/** Called between two runs: lets messages in, and tells the parent that this process does not hang. */
function yieldToEvents(): Promise<void> {
  if (performance.now() - lastSent > aliveIntervalMs) send({ type: 'alive' });
  return new Promise(resolve => setImmediate(resolve));
}

main();
