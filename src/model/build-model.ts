/**
 * From a checkpoint to a graph that ONNX Runtime runs: writes `model.onnx` and `model.onnx.data`. One tensor is in
 * memory at a time.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelFileError } from '../checkpoint/model-file-error';
import type { CheckpointSource, ModelSource, WeightBits } from '../checkpoint/model-source';
import { openWeights, readConfig, weightsPath } from '../checkpoint/open-checkpoint';
import type { TensorSource } from '../checkpoint/tensor-source';
import { readArchitecture } from './architectures/read-architecture';
import { DecoderGraph, type DecoderShape } from './decoder-graph';
import { readExportShape } from './export-shape';
import { GraphBuilder } from './onnx-file/graph-builder';
import { WeightsFile } from './onnx-file/weights-file';

/** Raised whenever the graphs change, so that a cached one of an older build is not used. */
export const graphVersion = 8;

export const graphFile = 'model.onnx';
const weightsFile = 'model.onnx.data';

export interface BuildOptions {
  readonly bits: WeightBits;
}

/**
 * @param outFolder an existing, empty folder
 * @throws ModelFileError naming the file and field at fault
 */
export function buildModel(
  checkpoint: CheckpointSource,
  outFolder: string,
  { bits }: BuildOptions,
): DecoderShape {
  const architecture = readArchitecture(readConfig(checkpoint));
  const source = openWeights(checkpoint);
  try {
    const weights = new WeightsFile(join(outFolder, weightsFile), weightsFile);
    try {
      const builder = new GraphBuilder(weights);
      const { tensors, refuseUnread } = watchReads(source, weightsPath(checkpoint));
      // Whoever keeps every weight as it is wants the checkpoint's own arithmetic, of the cache too.
      const cache = bits === 32 ? 'float' : 'float16';
      architecture.write(new DecoderGraph(builder, architecture.shape, tensors, { bits, cache }));
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

/** The sizes that the configuration of a checkpoint, or of a ready-made export, states. @throws ModelFileError */
export function readShape(model: ModelSource): DecoderShape {
  const config = readConfig(model);
  return model.kind === 'onnx-export' ? readExportShape(config) : readArchitecture(config).shape;
}

/**
 * Notes which tensors are read. One of a layer that is left over changes what the model computes (a bias that the
 * configuration does not speak of, a layer too many), so a graph without it would be silently wrong.
 */
function watchReads(source: TensorSource, path: string) {
  const read = new Set<string>();
  const tensors: TensorSource = {
    ...source,
    read(name, shape) {
      read.add(name);
      return source.read(name, shape);
    },
    readBlocks(name, outputs, inputs) {
      read.add(name);
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

/** `h.0.attn.c_attn.weight`, `model.layers.0.mlp.up_proj.weight`; not the heads for other tasks beside them. */
const layerTensor = /(^|\.)\d+\./;

/** Masks and angles that older versions of transformers stored with the weights: no graph reads them. */
export function isConstant(name: string): boolean {
  return /\.(attn|attention)\.(bias|masked_bias)$|\.inv_freq$/.test(name);
}
