import { type CheckpointSource, resolveModelSource } from '../../src/checkpoint/model-source';

/** The checkpoint at a path. @throws Error if there is a ready-made export instead */
export function checkpointAt(path: string): CheckpointSource {
  const model = resolveModelSource(path);
  if (model.kind === 'onnx-export') throw new Error(`${path}: is a ready-made ONNX export`);
  return model;
}
