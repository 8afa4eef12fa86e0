/** A session: one model, its engine's process, and the completer that asks it. The editor and the terminal share it. */
import { join } from 'node:path';
import { modelPathOf } from './bundled-models/bundled-models';
import type { Choice } from './bundled-models/choose-bundled-model';
import { resolveModelSource } from './checkpoint/model-source';
import { systemClock } from './common/clock';
import { type Completer, createCompleter } from './completion/completer';
import { createLocalModel, type LocalModel } from './completion/local-model';
import type { RefusalRule } from './completion/when';
import {
  createEngineClient,
  type EngineClient,
  type EngineState,
  type Progress,
} from './engine-process/engine-client';
import { defaultThreads } from './engine-process/engine-environment';
import { loadTokenizer } from './tokenizer/load-tokenizer';
import type { Tokenizer } from './tokenizer/tokenizer';

export interface SessionOptions {
  /** The folder of the checkout, or of the installed extension. */
  readonly root: string;
  /**
   * Gives 'small' or 'large', a GGUF file or a checkpoint's folder; the small bundled model if undefined. Called when the
   * model is opened; may throw.
   */
  readonly modelPath: () => string | undefined;
  /** Where built graphs are kept. */
  readonly graphsFolder: string;
  /** Threads of the engine's process; 0 lets it choose. Called when the model is opened; may throw. */
  readonly threads: () => number;
  /** Reasons against a suggestion, in place of those that hold without an editor. */
  readonly refusals?: readonly RefusalRule[];
  readonly log: (line: string) => void;
  /** Called when `status` has changed. */
  readonly onStatus: () => void;
  /** Called with the path of the model and how fast it wrote an answer, in tokens a second. */
  readonly onSpeed?: (modelPath: string, tokensPerSecond: number) => void;
  /** Called with the reason why the model cannot be opened. The same reason is reported once, however often it is tried. */
  readonly onFault: (error: Error) => void;
}

export interface SessionStatus {
  readonly state: EngineState;
  /** The model's name, as soon as it is known. */
  readonly name?: string | undefined;
  /** How much of the model is prepared, while it is. */
  readonly progress?: Progress | undefined;
  /** Why the model cannot be opened. */
  readonly fault?: string | undefined;
  /** Which of the bundled models answers, and why, if Sotto chooses. */
  readonly choice?: Choice | undefined;
}

export interface OpenModel extends LocalModel {
  readonly engine: EngineClient;
}

export interface Session {
  readonly completer: Completer;
  readonly status: SessionStatus;
  /** @throws Error that says in one line what is wrong with the setting, the files or the engine */
  readonly openModel: () => Promise<OpenModel>;
  dispose(): void;
}

/** The bundled `engine.js`. */
export function engineEntry(root: string): string {
  return join(root, 'dist/engine.js');
}

/** @param chosen 0 lets the engine choose */
export function threadsOf(chosen: number): number {
  return chosen || defaultThreads();
}

/** Does no work yet: tokenizer and engine start when the first completion needs them. */
export function createSession(options: SessionOptions): Session {
  const { root, modelPath, graphsFolder, threads, refusals, log, onStatus, onSpeed, onFault } = options;
  let name: string | undefined;
  let openFault: string | undefined;
  let progress: Progress | undefined;
  let engine: EngineClient | undefined;
  let tokenizer: Promise<Tokenizer> | undefined;
  let opened: Promise<OpenModel> | undefined;
  let isDisposed = false;

  const open = async (): Promise<OpenModel> => {
    // A request that is still under way must not start a process that nothing ends.
    if (isDisposed) throw new Error('the session is over');
    const path = modelPathOf(root, modelPath() ?? 'small');
    const modelSource = resolveModelSource(path);
    name = modelSource.name;
    engine ??= createEngineClient({
      entry: engineEntry(root),
      modelSource,
      graphsFolder,
      threads: threadsOf(threads()),
      log,
      onSpeed: speed => onSpeed?.(path, speed),
      onState: state => {
        if (state === 'ready') openFault = undefined;
        progress = undefined;
        onStatus();
      },
      onProgress: now => {
        progress = now;
        onStatus();
      },
    });
    // The process loads its weights while the tokenizer's table is built.
    const loaded = engine.start();
    if (tokenizer === undefined) {
      tokenizer = loadTokenizer(modelSource.tokenizerPath);
      // Without the tokenizer the engine is of no use, and it may be building a graph for minutes.
      tokenizer.catch(() => engine?.dispose());
    }
    const [readyTokenizer, { contextWindow }] = await Promise.all([tokenizer, loaded]);
    return { ...createLocalModel(modelSource, readyTokenizer, engine, contextWindow), engine };
  };

  const fail = (error: Error) => {
    const { message } = error;
    if (isDisposed || message === openFault) return;
    openFault = message;
    log(`model not opened: ${message}`);
    onStatus();
    onFault(error);
  };

  const openModel = () => {
    opened ??= open().catch((error: Error) => {
      // The next request tries again: a missing file may be there by then. The engine remembers a damaged file.
      opened = undefined;
      fail(error);
      throw error;
    });
    return opened;
  };

  const completer = createCompleter({ openModel, clock: systemClock, ...(refusals && { refusals }) });
  return {
    completer,
    get status() {
      const state = openFault === undefined ? (engine?.state ?? 'idle') : 'failed';
      return { state, name, progress, fault: openFault };
    },
    openModel,
    dispose() {
      isDisposed = true;
      completer.forget();
      engine?.dispose();
    },
  };
}
