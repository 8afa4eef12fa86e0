/**
 * Ready-made ONNX exports, as Optimum and onnx-community publish them: which of a folder's files is run.
 * Knows their names and nothing of what is in them.
 */
import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { isFile } from '../files/is-file';

export interface OnnxExport {
  /** Of the `.onnx` file. */
  readonly path: string;
  /** Of its configuration and tokenizer. */
  readonly folder: string;
}

/** What a user is told of a model that runs this way. */
export const exportNote =
  "ready-made ONNX export (copying path: slower than Sotto's own graph; give the safetensors folder if you have it)";

/**
 * Best for a CPU first. A token costs what is read of the weights, so fewer bits are faster; sixteen-bit floats come
 * last because ONNX Runtime's CPU kernels widen them at every product.
 */
const exportNames: readonly string[] = [
  'model_q4.onnx',
  'model_quantized.onnx',
  'model_int8.onnx',
  'model_uint8.onnx',
  'decoder_model_merged_quantized.onnx',
  'model.onnx',
  'decoder_model_merged.onnx',
  'model_q4f16.onnx',
  'model_fp16.onnx',
  'decoder_model_merged_fp16.onnx',
];

/**
 * @param model an `.onnx` file, or a folder that has some in it or in its `onnx/`
 * @returns undefined for anything else, and where there are safetensors: our own graph of them is faster
 */
export function findExport(model: string): OnnxExport | undefined {
  if (extname(model) === '.onnx') return { path: model, folder: folderOf(model) };
  if (isFile(model) || hasSafetensors(model)) return undefined;
  const path = exportNames
    .flatMap(name => [join(model, 'onnx', name), join(model, name)])
    .find(candidate => isFile(candidate));
  return path === undefined ? undefined : { path, folder: model };
}

/** The weights in one file, or the index of several. */
function hasSafetensors(folder: string): boolean {
  return (
    existsSync(join(folder, 'model.safetensors')) || isFile(join(folder, 'model.safetensors.index.json'))
  );
}

/** Where the configuration is: beside the file, or above its `onnx/`. */
function folderOf(path: string): string {
  const folder = dirname(path);
  return existsSync(join(folder, 'config.json')) ? folder : dirname(folder);
}
