/** Reads the sizes of a model and the types of its weights, without building its graph. */
import type { CheckpointSource, ModelSource } from '../checkpoint/model-source';
import { openWeights, readConfig } from '../checkpoint/open-checkpoint';
import { readExportShape } from './decoder-fields';
import type { DecoderShape } from './decoder-graph';
import { readArchitecture } from './read-architecture';

export interface CheckpointReport {
  /** Hugging Face's `model_type`. */
  readonly architecture: string;
  readonly shape: DecoderShape;
  readonly parameters: number;
  /** The type with the most bytes comes first. */
  readonly storedTypes: readonly StoredType[];
}

export interface StoredType {
  readonly type: string;
  readonly tensors: number;
  readonly bytes: number;
}

/** @throws ModelFileError naming the file and field at fault */
export function inspectCheckpoint(checkpoint: CheckpointSource): CheckpointReport {
  const shape = readShape(checkpoint);
  const source = openWeights(checkpoint);
  try {
    const types = new Map<string, StoredType>();
    let parameters = 0;
    for (const name of source.names) {
      const { type, bytes } = source.stored?.(name) ?? { type: 'unknown', bytes: 0 };
      const sum = types.get(type) ?? { type, tensors: 0, bytes: 0 };
      types.set(type, { type, tensors: sum.tensors + 1, bytes: sum.bytes + bytes });
      parameters += source.shape(name).reduce((product, size) => product * size, 1);
    }
    return {
      architecture: readConfig(checkpoint).string('model_type'),
      shape,
      parameters,
      storedTypes: [...types.values()].sort((a, b) => b.bytes - a.bytes),
    };
  } finally {
    source.close();
  }
}

/**
 * The sizes in the configuration of a checkpoint, or of a ready-made ONNX export.
 * @throws ModelFileError
 */
export function readShape(model: ModelSource): DecoderShape {
  const config = readConfig(model);
  return model.kind === 'onnx-export' ? readExportShape(config) : readArchitecture(config).shape;
}
