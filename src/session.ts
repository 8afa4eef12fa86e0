/** The parts put together: the bundled model, the engine's process, the completer. For the editor and the terminal. */
import { join } from 'node:path';
import { systemClock } from './completion/clock';
import { type Completer, createCompleter } from './completion/complete';
import { type LocalModel, type ModelManifest, openLocalModel, readManifest } from './completion/local-model';
import { defaultThreads } from './runtime/default-threads';
import { createEngineClient, type EngineClient, type EngineState } from './runtime/engine-client';

/** The folder of the model that ships, from the root. */
const bundledModel = 'models/sotto-starter';

export interface SessionOptions {
  /** Of the checkout or of the installed extension. */
  readonly root: string;
  /** A GGUF file or a checkpoint's folder in place of the bundled model, and what it is. */
  readonly model?: { readonly path: string; readonly manifest: ModelManifest };
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
  model: other,
  graphsFolder,
  threads,
  log,
  onState,
}: SessionOptions): Session {
  const path = other?.path ?? join(root, bundledModel);
  const manifest = other?.manifest ?? readManifest(path);
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
