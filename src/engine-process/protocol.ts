/**
 * The messages between the engine's process and its client: plain data over the IPC channel. The client numbers its
 * requests, and `requestId` says which of them a message is about.
 */
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
  /** `mayRebuild`: a graph that does not open may be removed as damaged, so that the next start builds it again. */
  | ({ readonly type: 'load'; readonly mayRebuild: boolean } & LoadRequest)
  | { readonly type: 'generate'; readonly requestId: number; readonly request: GenerateRequest }
  | { readonly type: 'abort'; readonly requestId: number };

export type FromEngine =
  | LoadReport
  /** 'build': the model's graph is not in the graph cache. While it is built, the process takes no messages. */
  | { readonly type: 'loading'; readonly step: 'build' | 'open' }
  /** How much of the graph is built, 0 to 1. Sent a few times a second, at most. */
  | { readonly type: 'building'; readonly done: number }
  /** The fields of a `ModelFileError`: the model's files are at fault, so another try would fail the same way. */
  | {
      readonly type: 'model-fault';
      readonly file: string;
      readonly field: string;
      readonly problem: string;
    }
  | { readonly type: 'load-failed'; readonly message: string }
  | { readonly type: 'event'; readonly requestId: number; readonly event: GenerateEvent }
  /** Sent between two runs when nothing else was sent for a while: a large model reads a long prompt for minutes. */
  | { readonly type: 'alive' }
  | { readonly type: 'request-failed'; readonly requestId: number; readonly message: string };

export interface LoadReport {
  readonly type: 'loaded';
  /** Milliseconds to build the graph (0 if it was built before) and to open it. */
  readonly buildMs: number;
  readonly openMs: number;
  /** What the user should know about how this model runs. */
  readonly note?: string;
  /** Tokens of prompt and answer together that the cache has room for. */
  readonly contextWindow: number;
}
