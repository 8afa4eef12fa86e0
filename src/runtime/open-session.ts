/** How every ONNX file is opened. Knows nothing of what is in it. */
import { InferenceSession } from 'onnxruntime-node';

/** @param path loading by path lets ONNX Runtime map the weights instead of copying them */
export function openSession(path: string, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Spinning threads would burn a core between keystrokes (docs/log.md).
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
}
