/** What a checkpoint is, without building it: its sizes, how its weights are stored, what it will take to run. */
import { readShape } from './build-model';
import type { DecoderShape } from './decoder-graph';
import type { WeightBits } from './matrix-products';
import { openWeights, readConfig } from './open-checkpoint';
import { blockSizeFor } from './quantise';
import type { TensorSource } from './safetensors';

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
export function inspectCheckpoint(checkpoint: string): CheckpointReport {
  const shape = readShape(checkpoint);
  const source = openWeights(checkpoint);
  try {
    const types = new Map<string, StoredType>();
    let parameters = 0;
    for (const name of source.names) {
      const { type, bytes } = source.stored?.(name) ?? { type: 'unknown', bytes: 0 };
      const sum = types.get(type) ?? { type, tensors: 0, bytes: 0 };
      types.set(type, { type, tensors: sum.tensors + 1, bytes: sum.bytes + bytes });
      parameters += elementsOf(source, name);
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
 * Node with ONNX Runtime loaded: 59 to 75 MB on linux-x64. With it, the sum was 94, 323 and 750 MB for three graphs that
 * took 104, 280 and 778 MB after 84 tokens (docs/log.md): the table of embeddings is mapped, and read where it is used.
 */
const processBytes = 75e6;

export interface MemoryEstimate {
  readonly weights: number;
  /** Keys and values of a full context. */
  readonly cache: number;
  readonly total: number;
}

/** Bytes that the engine's process will take with weights of `bits`. @throws ModelFileError */
export function estimateMemory(checkpoint: string, bits: WeightBits): MemoryEstimate {
  const { layers, kvHeads, headDim, contextLength } = readShape(checkpoint);
  const source = openWeights(checkpoint);
  try {
    const hasHead = source.names.some(name => /^(lm_head|embed_out)\./.test(name));
    let weights = 0;
    for (const name of source.names) {
      const isTable = /(embed_tokens|embed_in|tokens_embed|positions_embed|wte|wpe)\.weight$/.test(name);
      const isMatrix = source.shape(name).length === 2;
      const elements = elementsOf(source, name);
      if (isTable || !isMatrix) weights += 4 * elements;
      // A tied table is there twice: as rows to look up and as the matrix of the output.
      if (isMatrix && (!isTable || (!hasHead && !/(wpe|positions_embed)\./.test(name))))
        weights += elements * bytesPerWeight(source, name, bits);
    }
    const cache = 2 * layers * (contextLength + 1) * kvHeads * headDim * 4;
    return { weights, cache, total: processBytes + weights + cache };
  } finally {
    source.close();
  }
}

function bytesPerWeight(source: TensorSource, name: string, bits: WeightBits): number {
  if (bits === 32) return 4;
  const blocks = source.stored?.(name).blocks;
  if (blocks !== undefined && (bits === 'stored' || blocks.bits === bits))
    return blocks.bits / 8 + (blocks.hasMinimums ? 8 : 4) / blocks.blockSize;
  const rounded = bits === 4 ? 4 : 8;
  return rounded / 8 + 4 / blockSizeFor(source.shape(name).at(-1)!, rounded);
}

function elementsOf(source: TensorSource, name: string): number {
  return source.shape(name).reduce((product, size) => product * size, 1);
}
