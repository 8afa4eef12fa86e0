/**
 * The engine's own process: loads a model, then answers one generation at a time.
 *
 * It is a process and not a thread because a run of ONNX Runtime blocks its event loop, and stopping a worker thread
 * inside one aborts the whole process (docs/log.md). It ends when its parent does.
 */
import { constants, setPriority } from 'node:os';
import { ModelFileError } from '../checkpoint/model-file-error';
import { exportNote } from '../checkpoint/model-source';
import type { Decoder } from '../generation/decoder';
import type { Engine, GenerateRequest } from '../generation/engine';
import { chunkLengthFor, generate } from '../generation/generate';
import { createCachePool, type TokenCache } from '../generation/kv-cache';
import { createSpeculation } from '../generation/speculation';
import { dropGraph, ensureGraph } from '../graph-cache/graph-cache';
import { readShape } from '../model/inspect-checkpoint';
import { loadDecoders } from '../onnx/load-decoders';
import type { FromEngine, ToEngine } from './protocol';

function main(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  process.on('disconnect', () => process.exit(0));
  let engine: Engine | undefined;
  let current: { readonly request: number; readonly controller: AbortController } | undefined;
  /** Generations run one after another: each waits for the one it has aborted. */
  let previous: Promise<void> = Promise.resolve();

  process.on('message', (message: ToEngine) => {
    switch (message.type) {
      case 'load':
        void load(message).then(loaded => {
          engine = loaded;
        });
        return;
      case 'abort':
        if (current?.request === message.request) current.controller.abort();
        return;
      case 'generate': {
        current?.controller.abort();
        const { request, generate } = message;
        const controller = new AbortController();
        current = { request, controller };
        previous = previous.then(() => answer(engine, request, generate, controller.signal));
      }
    }
  });
}

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
    const isExport = modelSource.kind === 'onnx-export';
    const bits = modelSource.weightBits;
    const path = isExport ? modelSource.file : ensureGraph(modelSource, graphsFolder, { bits }, { onBuild });
    send({ type: 'loading', step: 'open' });
    const built = performance.now();
    const shape = readShape(modelSource);
    // A cache for all that a model could take may be gigabytes; nobody asks for more than the window.
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
      // One that was damaged on disk would fail at every start; one that memory does not suffice for would, too, and
      // to build it anew would not help.
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
 * Of all caches together, reckoned as floats: a file or three more of the bundled model, a single one of a large model.
 */
const cacheBytes = 64e6;
const mostCaches = 4;

async function createEngine<Cache extends TokenCache>(
  decoder: Decoder<Cache>,
  chunkLength: number,
): Promise<Engine> {
  const { layers, kvHeads, headDim, contextLength } = decoder.sizes;
  const bytes = 2 * layers * kvHeads * headDim * contextLength * Float32Array.BYTES_PER_ELEMENT;
  const pool = createCachePool(
    () => decoder.createCache(),
    clamp(Math.floor(cacheBytes / bytes), 1, mostCaches),
  );
  const cache = pool.take([]);
  // The first run allocates what later ones reuse; better now than under the first keystroke.
  const length = Math.min(chunkLength, cache.capacity);
  await decoder.run(new Array<number>(length).fill(0), cache, [0]);
  cache.rewind(0);
  const now = () => performance.now();
  const parts = { decoder, now, yieldToEvents, chunkLength, speculation: createSpeculation() };
  return {
    generate: (request, signal) => generate({ ...parts, cache: pool.take(request.ids) }, request, signal),
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

async function answer(
  engine: Engine | undefined,
  request: number,
  generateRequest: GenerateRequest,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (engine === undefined) throw new Error('no model is loaded');
    for await (const event of engine.generate(generateRequest, signal))
      send({ type: 'event', request, event });
  } catch (error) {
    send({ type: 'request-failed', request, message: (error as Error).message });
  }
}

let lastSent = 0;

function send(message: FromEngine): void {
  lastSent = performance.now();
  // With a callback, a parent that is gone is no uncaught error here: 'disconnect' follows and ends this process.
  process.send?.(message, undefined, undefined, () => undefined);
}

/** Milliseconds. */
const longestSilence = 1_000;

/** Between two runs: messages come in, and the parent hears that this process is not hung. */
function yieldToEvents(): Promise<void> {
  if (performance.now() - lastSent > longestSilence) send({ type: 'alive' });
  return new Promise(resolve => setImmediate(resolve));
}

main();
