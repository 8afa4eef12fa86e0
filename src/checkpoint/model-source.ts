/**
 * Decides once which of the files at a path are the model. All code that opens a model takes the result and does not
 * look at the disk again. Knows the names of files and the fields of `sotto.json`; opens no weights.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { isFile } from './byte-file';
import { refuseForeignExport } from './foreign-bytes';
import { refuseForeignFolder } from './foreign-models';
import { JsonFile } from './json-file';
import { ModelFileError } from './model-file-error';
import { nameOfOllamaBlob } from './ollama-store';

/** Plain data: it is sent to the engine's process. */
export type ModelSource = CheckpointSource | ExportSource;

/** Weights that we build our own graph from. */
export type CheckpointSource = GgufSource | FolderSource;

/** One GGUF file: configuration, tokenizer and weights. */
export interface GgufSource extends ModelFacts {
  readonly kind: 'gguf';
  readonly file: string;
}

/** A folder as Hugging Face has it. Its files need not be there: opening one that is not is an error that names it. */
export interface FolderSource extends ModelFacts {
  readonly kind: 'folder';
  readonly folder: string;
  /** Path of the safetensors file, or of the index of several. */
  readonly weightsFile: string;
}

/** A ready-made ONNX graph, as Optimum and onnx-community publish it. It runs as it is. */
export interface ExportSource extends ModelFacts {
  readonly kind: 'onnx-export';
  /** The `.onnx` file that is run. */
  readonly file: string;
  /** Has its configuration and tokenizer. */
  readonly folder: string;
}

interface ModelFacts {
  /** As the user sees it. */
  readonly name: string;
  /** Path of the GGUF file, or of the folder, that the tokenizer is read from. */
  readonly tokenizerPath: string;
  /** Tokens of prompt and answer together to make room for. The model itself may take fewer. */
  readonly contextWindow: number;
  readonly weightBits: WeightBits;
  readonly calibration: Calibration;
}

/**
 * Bits of a stored weight: fewer are faster and less exact. 32 keeps the float weights; 8 and 4 store blocks of
 * integers and a scale; 'stored' takes the blocks that the file has and rounds its floats to 8.
 */
export type WeightBits = 4 | 8 | 32 | 'stored';

/**
 * Corrects a model's own probabilities: a word to which the model gives the log odds `x` is right with the log odds
 * `bias + logit * x`. `npm run -s fit:sources` fits both numbers.
 */
export interface Calibration {
  readonly bias: number;
  readonly logit: number;
}

/**
 * For a model that states no calibration: its own probabilities, unchanged. The bundled model's numbers would show a
 * better model less often than it is right (docs/log.md, "Calibration of the model").
 */
export const defaultCalibration: Calibration = { bias: 0, logit: 1 };

/** For a model that states no window: enough for a file or two, and the cache stays small. */
const defaultContextWindow = 2048;

/**
 * @param path a GGUF file, a checkpoint's folder, or a ready-made ONNX export (its folder or its file)
 * @throws ModelFileError if nothing is there, if a folder is not that of a model that writes text, or if a field of its
 * `sotto.json` is wrong
 */
export function resolveModelSource(path: string): ModelSource {
  if (!existsSync(path))
    throw new ModelFileError(path, 'file', "is not there; expected a GGUF file or a checkpoint's folder");
  if (extname(path) === '.onnx') {
    const folder = configFolder(path);
    refuseForeignExport(path);
    refuseForeignFolder(folder, undefined);
    return { kind: 'onnx-export', file: path, folder, tokenizerPath: folder, ...factsOfFile(path) };
  }
  if (isFile(path)) return { kind: 'gguf', file: path, tokenizerPath: path, ...factsOfFile(path) };
  const folder = { folder: path, tokenizerPath: path, ...factsOfFolder(path) };
  const weightsFile = findWeights(path);
  // Where there are safetensors, our own graph of them is faster than an export beside them.
  const file = existsSync(weightsFile) ? undefined : findExport(path);
  refuseForeignFolder(path, file === undefined ? weightsFile : undefined);
  if (file !== undefined) refuseForeignExport(file);
  return file === undefined
    ? { kind: 'folder', weightsFile, ...folder }
    : { kind: 'onnx-export', file, ...folder };
}

type StatedFacts = Omit<ModelFacts, 'tokenizerPath'>;

function factsOfFile(file: string): StatedFacts {
  return {
    name: nameOfOllamaBlob(file) ?? basename(file),
    contextWindow: defaultContextWindow,
    weightBits: 'stored',
    calibration: defaultCalibration,
  };
}

/** What a folder's `sotto.json` says of it, if there is one. */
function factsOfFolder(folder: string): StatedFacts {
  const path = join(folder, 'sotto.json');
  if (!existsSync(path)) return { ...factsOfFile(folder), weightBits: 8 };
  const json = JsonFile.read(path);
  const bits = json.integer('weightBits');
  if (bits !== 4 && bits !== 8 && bits !== 32) throw json.wrong('weightBits', bits, '4, 8 or 32');
  return {
    weightBits: bits,
    name: json.string('name'),
    contextWindow: json.integer('contextWindow', { min: 64, max: 131_072 }),
    calibration: json.has('calibration') ? readCalibration(json.object('calibration')) : defaultCalibration,
  };
}

function readCalibration(json: JsonFile): Calibration {
  return { bias: json.number('bias'), logit: json.number('logit') };
}

/** Where a folder has both the whole file and an index of several, the whole file wins, as in transformers. */
function findWeights(folder: string): string {
  const whole = join(folder, 'model.safetensors');
  const index = join(folder, 'model.safetensors.index.json');
  return isFile(index) && !isFile(whole) ? index : whole;
}

/**
 * Best for a CPU first. A token costs as much as is read of the weights, so fewer bits are faster. Sixteen-bit floats
 * come last because ONNX Runtime's CPU kernels widen them at every product.
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

function findExport(folder: string): string | undefined {
  return exportNames
    .flatMap(name => [join(folder, 'onnx', name), join(folder, name)])
    .find(candidate => isFile(candidate));
}

/** Where an export's configuration is: beside the file, or above its `onnx/`. */
function configFolder(file: string): string {
  const folder = dirname(file);
  return existsSync(join(folder, 'config.json')) ? folder : dirname(folder);
}

/** What the user is told of a model that runs as a ready-made export. */
export const exportNote =
  "ready-made ONNX export (copying path: slower than Sotto's own graph; give the safetensors folder if you have it)";
