/** The parts put together: a model, the engine's process, the completer. For the editor and the terminal. */
import { join } from 'node:path';
import { resolveModelSource } from './checkpoint/model-source';
import { systemClock } from './common/clock';
import { type Completer, createCompleter } from './completion/complete';
import { createLocalModel, type LocalModel } from './completion/local-model';
import { createEngineClient, type EngineClient, type EngineState } from './engine-process/engine-client';
import { defaultThreads } from './engine-process/engine-environment';
import { loadTokenizer } from './tokenizer/load-tokenizer';
import type { Tokenizer } from './tokenizer/tokenizer';

/** The folder of the model that ships, from the root. */
const bundledModel = 'models/sotto-starter';

export interface SessionOptions {
  /** Of the checkout or of the installed extension. */
  readonly root: string;
  /** A GGUF file or a checkpoint's folder in place of the bundled model; may throw. Asked when the model is opened. */
  readonly modelPath: () => string | undefined;
  /** Where built graphs are kept. */
  readonly graphsFolder: string;
  /** Threads of the engine's process; 0 chooses. May throw; asked when the model is opened. */
  readonly threads: () => number;
  readonly log: (line: string) => void;
  /** Told that `status` is another. */
  readonly onStatus: () => void;
  /** Called with the reason why the model cannot be opened. The same reason is reported once, however often it is tried. */
  readonly onFault: (error: Error) => void;
}

export interface SessionStatus {
  readonly state: EngineState;
  /** Of the model, as soon as it is known. */
  readonly name?: string | undefined;
  /** Why the model cannot be opened. */
  readonly fault?: string | undefined;
}

export interface OpenModel extends LocalModel {
  readonly engine: EngineClient;
}

export interface Session {
  readonly completer: Completer;
  readonly status: SessionStatus;
  /** @throws Error that says in a line what is wrong with the setting, the files or the engine */
  readonly openModel: () => Promise<OpenModel>;
  dispose(): void;
}

/** Does no work yet: tokenizer and engine start when the first completion needs them. */
export function createSession(options: SessionOptions): Session {
  const { root, modelPath, graphsFolder, threads, log, onStatus, onFault } = options;
  let name: string | undefined;
  let fault: string | undefined;
  let engine: EngineClient | undefined;
  let tokenizer: Promise<Tokenizer> | undefined;
  let opened: Promise<OpenModel> | undefined;
  let isDisposed = false;

  const open = async (): Promise<OpenModel> => {
    const modelSource = resolveModelSource(modelPath() ?? join(root, bundledModel));
    name = modelSource.name;
    engine ??= createEngineClient({
      entry: join(root, 'dist/engine.js'),
      modelSource,
      graphsFolder,
      threads: threads() || defaultThreads(),
      log,
      onState: state => {
        if (state === 'ready') fault = undefined;
        onStatus();
      },
    });
    // The process loads its weights while the tokenizer's table is built.
    const loaded = engine.start();
    if (tokenizer === undefined) {
      tokenizer = loadTokenizer(modelSource.tokenizerPath);
      // Without it the engine is of no use, and may be in the middle of a graph that takes minutes.
      tokenizer.catch(() => engine?.dispose());
    }
    const [readyTokenizer, { contextWindow }] = await Promise.all([tokenizer, loaded]);
    return { ...createLocalModel(modelSource, readyTokenizer, engine, contextWindow), engine };
  };

  const fail = (error: Error) => {
    const { message } = error;
    if (isDisposed || message === fault) return;
    fault = message;
    log(`model not opened: ${message}`);
    onStatus();
    onFault(error);
  };

  const openModel = () => {
    opened ??= open().catch((error: Error) => {
      // The next request tries again: what is not there may be there by then. A damaged file the engine remembers.
      opened = undefined;
      fail(error);
      throw error;
    });
    return opened;
  };

  const completer = createCompleter({ openModel, clock: systemClock });
  return {
    completer,
    get status() {
      return { state: fault === undefined ? (engine?.state ?? 'idle') : 'failed', name, fault };
    },
    openModel,
    dispose() {
      isDisposed = true;
      completer.forget();
      engine?.dispose();
    },
  };
}
