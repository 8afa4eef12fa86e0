/**
 * Builds a graph that ONNX Runtime can run from a checkpoint: writes `model.onnx` and `model.onnx.data`. Tensors are read
 * one after the other. At most the largest one is in memory twice, with what it is rounded to, and never the whole
 * checkpoint (`test/cli/import-memory.test.ts` measures it).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelFileError } from '../checkpoint/model-file-error';
import type { CheckpointSource, WeightBits } from '../checkpoint/model-source';
import { openWeights, readConfig, weightsPath } from '../checkpoint/open-checkpoint';
import type { TensorSource } from '../checkpoint/tensor-source';
import { DecoderGraph, type DecoderShape } from './decoder-graph';
import { GraphBuilder } from './onnx-file/graph-builder';
import { WeightsFile } from './onnx-file/weights-file';
import { readArchitecture } from './read-architecture';

/** Raise this number when graphs change. A cached graph with another number is not used. */
export const graphVersion = 8;

export const graphFile = 'model.onnx';
const weightsFile = 'model.onnx.data';

export interface BuildOptions {
  readonly bits: WeightBits;
  /** Whether the graph returns its attention weights too. */
  readonly showsAttention?: boolean;
}

/** Hears how much of the graph is built, 0 to 1, after each tensor. */
export type OnProgress = (done: number) => void;

/**
 * @param outFolder an existing, empty folder
 * @throws ModelFileError naming the file and field at fault
 */
export function buildModel(
  checkpoint: CheckpointSource,
  outFolder: string,
  { bits, ...options }: BuildOptions,
  onProgress: OnProgress = () => undefined,
): DecoderShape {
  const architecture = readArchitecture(readConfig(checkpoint));
  const source = openWeights(checkpoint);
  try {
    const weights = new WeightsFile(join(outFolder, weightsFile), weightsFile);
    try {
      const builder = new GraphBuilder(weights);
      const { tensors, refuseUnread } = watchReads(source, weightsPath(checkpoint), onProgress);
      // Float weights keep the arithmetic of the checkpoint. So the KV cache keeps floats too.
      const cache = bits === 32 ? 'float' : 'float16';
      architecture.write(new DecoderGraph(builder, architecture.shape, tensors, { bits, cache, ...options }));
      refuseUnread();
      writeFileSync(join(outFolder, graphFile), builder.finish({}));
    } finally {
      weights.close();
    }
  } finally {
    source.close();
  }
  return architecture.shape;
}

/**
 * Notes which tensors are read, and tells how much that is of all. If a tensor of a layer was not read, the graph is wrong
 * without a word: the checkpoint may have a bias or a layer that its configuration does not mention. `refuseUnread` makes
 * this an error.
 */
function watchReads(source: TensorSource, path: string, onProgress: OnProgress) {
  const read = new Set<string>();
  const elements = new Map(source.names.map(name => [name, product(source.shape(name))]));
  const all = sum(elements.values());
  let done = 0;
  // What comes after a tensor was read, such as rounding, is done when the next one is read.
  const note = (name: string) => {
    onProgress(done / all);
    if (!read.has(name)) done += elements.get(name) ?? 0;
    read.add(name);
  };
  const tensors: TensorSource = {
    ...source,
    read(name, shape) {
      note(name);
      return source.read(name, shape);
    },
    readBlocks(name, outputs, inputs) {
      note(name);
      return source.readBlocks?.(name, outputs, inputs);
    },
  };
  const refuseUnread = () => {
    const unread = source.names.find(name => layerTensor.test(name) && !isConstant(name) && !read.has(name));
    if (unread !== undefined)
      throw new ModelFileError(path, `tensor '${unread}'`, 'found it, expected none of this name');
  };
  return { tensors, refuseUnread };
}

const sum = (numbers: Iterable<number>) => Array.from(numbers).reduce((a, b) => a + b, 0);
const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

/** Matches `h.0.attn.c_attn.weight` and `model.layers.0.mlp.up_proj.weight`, but not the heads for other tasks. */
const layerTensor = /(^|\.)\d+\./;

/** Whether a tensor is a mask or a table of angles. Older versions of transformers stored them with the weights. */
export function isConstant(name: string): boolean {
  return /\.(attn|attention)\.(bias|masked_bias)$|\.inv_freq$/.test(name);
}
