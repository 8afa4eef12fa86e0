/**
 * Decides once which of the files at a path are the model. All code that opens a model takes the result and does not
 * look at the disk again. Knows the names of files and the fields of `sotto.json`; opens no weights.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Calibration } from '../common/calibration';
import { isFile } from './byte-file';
import { refuseForeignExport } from './foreign-bytes';
import { refuseForeignFolder } from './foreign-models';
import { partsOf } from './gguf-parts';
import { JsonFile } from './json-file';
import { ModelFileError } from './model-file-error';
import { nameOfOllamaBlob } from './ollama-store';

/** Plain data: it is sent to the engine's process. */
export type ModelSource = CheckpointSource | ExportSource;

/** Weights that we build our own graph from. */
export type CheckpointSource = GgufSource | FolderSource;

/** One GGUF file: configuration, tokenizer and weights. It may be cut into parts. */
export interface GgufSource extends ModelFacts {
  readonly kind: 'gguf';
  /** Its first part if it is cut. */
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
  /** Where the text after the cursor begins in its prompts; undefined: as its family was trained. */
  readonly suffixFrom?: 'cursor' | 'line end' | undefined;
}

/**
 * Bits of a stored weight: fewer are faster and less exact. 32 keeps the float weights; 8 and 4 store blocks of
 * integers and a scale; 'stored' takes the blocks that the file has and rounds its floats to 8.
 */
export type WeightBits = 4 | 8 | 32 | 'stored';

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
  if (isFile(path)) return ggufSource(path, factsOfFile(path));
  const stated = statedFacts(path);
  if (stated?.gguf !== undefined) {
    const source = ggufSource(stated.gguf, stated.facts);
    return hasTokenizer(path) ? { ...source, tokenizerPath: path } : source;
  }
  const facts = stated?.facts ?? { ...factsOfFile(path), weightBits: 8 };
  const folder = { folder: path, tokenizerPath: path, ...facts };
  const weightsFile = findWeights(path);
  // Where there are safetensors, our own graph of them is faster than an export beside them.
  const file = existsSync(weightsFile) ? undefined : findExport(path);
  refuseForeignFolder(path, file === undefined ? weightsFile : undefined);
  if (file !== undefined) refuseForeignExport(file);
  return file === undefined
    ? { kind: 'folder', weightsFile, ...folder }
    : { kind: 'onnx-export', file, ...folder };
}

/** Of a file that is cut, any part may be given. */
function ggufSource(path: string, facts: StatedFacts): GgufSource {
  const [file = path] = partsOf(path);
  return { kind: 'gguf', file, tokenizerPath: file, ...facts };
}

/** A tokenizer beside a GGUF file counts before the one inside it. */
function hasTokenizer(folder: string): boolean {
  return ['tokenizer.json', 'vocab.json'].some(name => existsSync(join(folder, name)));
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

/**
 * What a folder's `sotto.json` says of it, if there is one. `gguf` is the path of the GGUF file that has its weights, its
 * configuration and its tokenizer, if it names one.
 */
function statedFacts(
  folder: string,
): { readonly facts: StatedFacts; readonly gguf: string | undefined } | undefined {
  const path = join(folder, 'sotto.json');
  if (!existsSync(path)) return undefined;
  const json = JsonFile.read(path);
  const gguf = json.has('gguf') ? join(folder, readFileName(json, 'gguf')) : undefined;
  return {
    facts: {
      weightBits: gguf === undefined ? readWeightBits(json) : 'stored',
      name: json.string('name'),
      contextWindow: json.integer('contextWindow', { min: 64, max: 131_072 }),
      calibration: json.has('calibration') ? readCalibration(json.object('calibration')) : defaultCalibration,
      ...(json.has('suffixFrom') && { suffixFrom: readSuffixFrom(json) }),
    },
    gguf,
  };
}

function readWeightBits(json: JsonFile): WeightBits {
  const bits = json.integer('weightBits');
  if (bits !== 4 && bits !== 8 && bits !== 32) throw json.wrong('weightBits', bits, '4, 8 or 32');
  return bits;
}

/** A stranger may have written the name. It must not lead out of the folder, on any system. */
function readFileName(json: JsonFile, field: string): string {
  const name: string = json.string(field);
  if (!/^[^/\\:\0]+\.gguf$/i.test(name))
    throw json.wrong(field, name, 'the name of a GGUF file in this folder');
  return name;
}

function readSuffixFrom(json: JsonFile): 'cursor' | 'line end' {
  const stated = json.string('suffixFrom');
  if (stated !== 'cursor' && stated !== 'line end')
    throw json.wrong('suffixFrom', stated, '"cursor" or "line end"');
  return stated;
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
