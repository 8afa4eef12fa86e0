/** How every ONNX file is opened. Knows nothing of what is in it. */
import { InferenceSession } from 'onnxruntime-node';

/** @param path loading by path lets ONNX Runtime map the weights instead of copying them */
export function openSession(path: string, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // One would be kept for every shape a run has had, and each token's past is a row longer.
    enableMemPattern: false,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that wait for work by spinning share a short run far better than sleeping ones; between two keystrokes
    // they would burn a core, so they stop with the run (docs/log.md, 2026-11-22).
    extra: {
      session: {
        intra_op: { allow_spinning: '1', spin_duration_us: '50' },
        inter_op: { allow_spinning: '0' },
        force_spinning_stop: '1',
      },
    },
  });
}
