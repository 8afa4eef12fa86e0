/**
 * From a checkpoint to a graph that ONNX Runtime runs: writes `model.onnx` and `model.onnx.data`. One tensor is in
 * memory at a time.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonFile } from '../files/json-file';
import { DecoderGraph, type DecoderShape, type WeightBits } from './decoder-graph';
import { readGpt2Config, writeGpt2 } from './gpt2';
import { readLlamaConfig, writeLlama } from './llama';
import { GraphBuilder } from './onnx/graph-builder';
import { WeightsFile } from './onnx/weights-file';
import { openWeights, readConfig } from './open-checkpoint';

/** Raised whenever the graphs change, so that a cached one of an older build is not used. */
export const graphVersion = 1;

export const graphFile = 'model.onnx';
const weightsFile = 'model.onnx.data';

export interface BuildOptions {
  readonly bits: WeightBits;
}

/**
 * @param checkpoint a Hugging Face folder or a GGUF file (open-checkpoint.ts)
 * @param outFolder an existing, empty folder
 * @throws ModelFileError naming the file and field at fault
 */
export function buildModel(checkpoint: string, outFolder: string, { bits }: BuildOptions): DecoderShape {
  const architecture = readArchitecture(readConfig(checkpoint));
  const source = openWeights(checkpoint);
  try {
    const weights = new WeightsFile(join(outFolder, weightsFile), weightsFile);
    try {
      const builder = new GraphBuilder(weights);
      architecture.write(new DecoderGraph(builder, architecture.shape, source, { bits }));
      writeFileSync(join(outFolder, graphFile), builder.finish({}));
    } finally {
      weights.close();
    }
  } finally {
    source.close();
  }
  return architecture.shape;
}

/** The sizes that the checkpoint's configuration states. @throws ModelFileError */
export function readShape(checkpoint: string): DecoderShape {
  return readArchitecture(readConfig(checkpoint)).shape;
}

interface Architecture {
  readonly shape: DecoderShape;
  readonly write: (graph: DecoderGraph) => void;
}

function readArchitecture(json: JsonFile): Architecture {
  const type = json.string('model_type', { oneOf: ['llama', 'gpt2'] });
  if (type === 'llama') {
    const config = readLlamaConfig(json);
    return { shape: config, write: graph => writeLlama(graph, config) };
  }
  const config = readGpt2Config(json);
  return { shape: config, write: graph => writeGpt2(graph, config) };
}
