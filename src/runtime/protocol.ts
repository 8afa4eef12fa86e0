/** What the engine's process and its client say to each other: plain data over the IPC channel. */
import type { GenerateEvent, GenerateRequest } from '../engine/engine';
import type { WeightBits } from '../model/matrix-products';

export interface LoadRequest {
  /** The checkpoint: a folder or a GGUF file. */
  readonly modelFolder: string;
  /** Where built graphs are kept. */
  readonly graphsFolder: string;
  readonly bits: WeightBits;
  /** Tokens that the cache has room for, if the model takes as many. */
  readonly contextWindow: number;
  /** Threads of one run. */
  readonly threads: number;
}

export type ToEngine =
  | ({ readonly type: 'load' } & LoadRequest)
  | { readonly type: 'generate'; readonly request: number; readonly generate: GenerateRequest }
  | { readonly type: 'abort'; readonly request: number };

export type FromEngine =
  | LoadReport
  /** `isModelFault`: the files are at fault, so that trying again would give the same. */
  | { readonly type: 'load-failed'; readonly message: string; readonly isModelFault: boolean }
  | { readonly type: 'event'; readonly request: number; readonly event: GenerateEvent }
  | { readonly type: 'request-failed'; readonly request: number; readonly message: string };

export interface LoadReport {
  readonly type: 'loaded';
  /** Milliseconds to build the graph (0 if it was built before) and to open it. */
  readonly buildMs: number;
  readonly openMs: number;
  /** What the user should know of how this model runs. */
  readonly note?: string;
}
