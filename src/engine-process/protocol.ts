/** What the engine's process and its client say to each other: plain data over the IPC channel. */

import type { ModelSource } from '../checkpoint/model-source';
import type { GenerateEvent, GenerateRequest } from '../generation/engine';

export interface LoadRequest {
  readonly modelSource: ModelSource;
  /** Where built graphs are kept. */
  readonly graphsFolder: string;
  /** Threads of one run. */
  readonly threads: number;
}

export type ToEngine =
  /** `mayRebuild`: a graph that does not open is taken for damaged and dropped, so that the next start builds it anew. */
  | ({ readonly type: 'load'; readonly mayRebuild: boolean } & LoadRequest)
  | { readonly type: 'generate'; readonly request: number; readonly generate: GenerateRequest }
  | { readonly type: 'abort'; readonly request: number };

export type FromEngine =
  | LoadReport
  /** 'build': the model's graph is not in the cache, and this process hears nothing until it is. */
  | { readonly type: 'loading'; readonly step: 'build' | 'open' }
  /** The files are at fault, so that trying again would give the same: the parts of a `ModelFileError`. */
  | {
      readonly type: 'model-fault';
      readonly file: string;
      readonly field: string;
      readonly problem: string;
    }
  | { readonly type: 'load-failed'; readonly message: string }
  | { readonly type: 'event'; readonly request: number; readonly event: GenerateEvent }
  /** A run is over and its request is not: a long prompt takes a large model minutes, without an event. */
  | { readonly type: 'alive' }
  | { readonly type: 'request-failed'; readonly request: number; readonly message: string };

export interface LoadReport {
  readonly type: 'loaded';
  /** Milliseconds to build the graph (0 if it was built before) and to open it. */
  readonly buildMs: number;
  readonly openMs: number;
  /** What the user should know of how this model runs. */
  readonly note?: string;
  /** Tokens of prompt and answer together that the cache has room for. */
  readonly contextWindow: number;
}
