/** The parts put together: the bundled model, the engine's process, the completer. For the editor and the terminal. */
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock } from './completion/clock';
import { type Completer, createCompleter } from './completion/complete';
import { type LocalModel, type ModelManifest, openLocalModel, readManifest } from './completion/local-model';
import { readShape } from './model/build-model';
import { defaultThreads } from './runtime/default-threads';
import { createEngineClient, type EngineClient, type EngineState } from './runtime/engine-client';

/** The folder of the model that ships, from the root. */
const bundledModel = 'models/sotto-starter';

/** For a checkpoint that does not say what it was trained on: enough for a file or two, and a small cache. */
const usualContextWindow = 2048;

export interface SessionOptions {
  /** Of the checkout or of the installed extension. */
  readonly root: string;
  /** A GGUF file or a checkpoint's folder in place of the bundled model. */
  readonly model?: string;
  /** Where built graphs are kept. */
  readonly graphsFolder: string;
  /** Threads of the engine's process; 0 chooses. */
  readonly threads: number;
  readonly log: (line: string) => void;
  readonly onState: (state: EngineState) => void;
}

export interface Session {
  readonly completer: Completer;
  readonly engine: EngineClient;
  readonly openModel: () => Promise<LocalModel>;
  dispose(): void;
}

/** Does no work yet: tokenizer and engine start when the first completion needs them. */
export function createSession({
  root,
  model: path = join(root, bundledModel),
  graphsFolder,
  threads,
  log,
  onState,
}: SessionOptions): Session {
  const manifest = describeModel(path);
  const engine = createEngineClient({
    entry: join(root, 'dist/engine.js'),
    modelFolder: path,
    graphsFolder,
    bits: manifest.weightBits,
    contextWindow: manifest.contextWindow,
    threads: threads || defaultThreads(),
    log,
    onState,
  });
  let model: Promise<LocalModel> | undefined;
  const openModel = () => {
    if (model === undefined) {
      // The process loads its weights while the tokenizer's table is built; a fault is reported by the request itself.
      engine.start().catch(() => undefined);
      model = openLocalModel(path, manifest, engine);
      model.catch(() => onState('failed'));
    }
    return model;
  };
  return {
    completer: createCompleter({ openModel, clock: systemClock }),
    engine,
    openModel,
    dispose: () => engine.dispose(),
  };
}

/** @throws ModelFileError */
function describeModel(path: string): ModelManifest {
  if (existsSync(join(path, 'sotto.json'))) return readManifest(path);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return {
    name: basename(path),
    contextWindow: Math.min(usualContextWindow, readShape(path).contextLength),
    weightBits: isFile ? 'stored' : 8,
  };
}
