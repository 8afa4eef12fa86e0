/** What a checkpoint is, without building it: its sizes, how its weights are stored. */

import type { CheckpointSource } from '../checkpoint/model-source';
import { openWeights, readConfig } from '../checkpoint/open-checkpoint';
import { readShape } from './build-model';
import type { DecoderShape } from './decoder-graph';

export interface CheckpointReport {
  /** `model_type`, in Hugging Face's words. */
  readonly architecture: string;
  readonly shape: DecoderShape;
  readonly parameters: number;
  /** Largest first. */
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
