/** The environment and the options of the engine's process. */
import { availableParallelism } from 'node:os';

/**
 * Without the options of whatever Node the editor was started by. glibc, which Linux has, is asked to put large blocks
 * into huge pages where the kernel allows for it: weights are read from end to end at every token, and the processor's
 * prefetching stops at the end of a page (a sixth to a quarter less time a token for 46M weights; docs/log.md).
 */
export function engineEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1', ...environment, ELECTRON_RUN_AS_NODE: '1' };
}

/**
 * A young generation of a megabyte: what a run leaves behind, the tensors that hold logits and new rows, is collected
 * soon, and the memory is used again. With V8's own 16 MB it is resident garbage (`bench:memory`; docs/log.md).
 */
export const engineOptions: readonly string[] = ['--max-semi-space-size=1'];

/** Half of the machine for the engine, the rest for the editor; more than four hardly help a small model. */
export function defaultThreads(): number {
  return Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
}
