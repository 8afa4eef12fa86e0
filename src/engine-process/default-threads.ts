import { availableParallelism } from 'node:os';

/** Half of the machine for the engine, the rest for the editor; more than four hardly help a small model. */
export function defaultThreads(): number {
  return Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
}
