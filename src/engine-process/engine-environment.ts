/** How the engine's process is started: its environment, the options of its Node, its threads. */
import { availableParallelism } from 'node:os';

/**
 * The environment of this process, with two changes. NODE_OPTIONS is left out, because it is meant for the Node that
 * started the editor. And glibc, on Linux, is asked to put large blocks into huge pages. Weights are read from end to
 * end at every token, and the processor stops prefetching at the end of a page: with huge pages a token of a model with
 * 46M weights takes a sixth to a quarter less time (docs/log.md, "Huge pages").
 */
export function engineEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1', ...environment, ELECTRON_RUN_AS_NODE: '1' };
}

/**
 * A young generation of one megabyte, so that V8 soon frees the tensors that each run leaves behind (logits and new
 * rows). With its own 16 MB that garbage stays in memory (`bench:memory`; docs/log.md, "Memory of the engine process").
 */
export const engineOptions: readonly string[] = ['--max-semi-space-size=1'];

/**
 * Threads of one run, if the user does not choose: half of the machine, so that the other half is left for the editor.
 * More than four hardly help a small model.
 */
export function defaultThreads(): number {
  return Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
}
