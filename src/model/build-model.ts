/**
 * From a checkpoint's folder to a graph that ONNX Runtime runs: reads `config.json` and `model.safetensors`,
 * writes `model.onnx` and `model.onnx.data`. One tensor is in memory at a time.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JsonFile } from '../files/json-file';
import { readArchitecture } from './architectures/read-architecture';
import { DecoderGraph, type DecoderShape, type WeightBits } from './decoder-graph';
import { GraphBuilder } from './onnx/graph-builder';
import { WeightsFile } from './onnx/weights-file';
import { openSafetensors } from './safetensors';

/** Raised whenever the graphs change, so that a cached one of an older build is not used. */
export const graphVersion = 1;

export const graphFile = 'model.onnx';
const weightsFile = 'model.onnx.data';

export interface BuildOptions {
  readonly bits: WeightBits;
}

/**
 * @param folder a Hugging Face checkpoint: `config.json`, `model.safetensors`
 * @param outFolder an existing, empty folder
 * @throws ModelFileError naming the file and field at fault
 */
export function buildModel(folder: string, outFolder: string, { bits }: BuildOptions): DecoderShape {
  const architecture = readArchitecture(JsonFile.read(join(folder, 'config.json')));
  const source = openSafetensors(join(folder, 'model.safetensors'));
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

/** The sizes that `folder`'s configuration states. @throws ModelFileError */
export function readShape(folder: string): DecoderShape {
  return readArchitecture(JsonFile.read(join(folder, 'config.json'))).shape;
}
