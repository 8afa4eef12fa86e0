/** The messages between the inspection's process and its client. Plain data over the IPC channel. */
import type { FoundModel, Inspection } from './model-facts';
import type { ModelStore } from './model-stores';

export interface InspectionRequest {
  /** Where to look for models. */
  readonly stores: readonly ModelStore[];
  /** Models that are known already: those in the box, and those that were downloaded. They are inspected first. */
  readonly known: readonly FoundModel[];
  /** Keeps what was read of a file, until the file changes. */
  readonly cacheFile: string;
}

export type FromInspection =
  /** Those in `stores`, before any of them is inspected. */
  | { readonly type: 'found'; readonly models: readonly FoundModel[] }
  | { readonly type: 'inspected'; readonly path: string; readonly inspection: Inspection }
  | { readonly type: 'done' };
