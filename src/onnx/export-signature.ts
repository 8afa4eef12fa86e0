/**
 * The inputs and outputs of a ready-made export, checked against its configuration before anything is run. An error
 * names the input or output that is missing, unknown, or of another type or size.
 *
 * | name                    | type  | shape                             |                               |
 * | ----------------------- | ----- | --------------------------------- | ----------------------------- |
 * | `input_ids`             | int64 | `[1, n]`                          | the new tokens                |
 * | `attention_mask`        | int64 | `[1, past + n]`                   | optional: ones                |
 * | `position_ids`          | int64 | `[1, n]`                          | optional                      |
 * | `use_cache_branch`      | bool  | `[1]`                             | optional: of a merged decoder |
 * | `num_logits_to_keep`    | int64 | `[]`                              | optional: of the last tokens  |
 * | `past_key_values.L.key` | float | `[1, kvHeads, past, headDim]`     | and `.value`: the cache       |
 * | `logits`                | float | `[1, n, vocabulary]`              | out                           |
 * | `present.L.key`         | float | `[1, kvHeads, past + n, headDim]` | and `.value`, out: the cache  |
 *
 * Source: https://github.com/huggingface/optimum-onnx, the task `text-generation-with-past`.
 */
import type { InferenceSession } from 'onnxruntime-node';
import { ModelFileError } from '../checkpoint/model-file-error';
import type { DecoderSizes } from '../generation/decoder';
import type { FloatType } from './onnx-runtime';

export type ExportSession = Pick<InferenceSession, 'inputNames' | 'inputMetadata' | 'outputMetadata'>;

export interface ExportSignature {
  /** The inputs that the export has, without the cache. */
  readonly inputs: ReadonlySet<string>;
  readonly cacheType: FloatType;
  /** Names of the cache's inputs: key and value of layer 0, then of layer 1, and so on. */
  readonly past: readonly string[];
  /** Names of the cache's outputs, in the same order. */
  readonly present: readonly string[];
}

/** A number is a size that is required. A name stands for a size that must be variable. */
type Shape = readonly (number | string)[];

const knownInputs: ReadonlyMap<string, { readonly type: string; readonly shape: Shape }> = new Map([
  ['input_ids', { type: 'int64', shape: [1, 'new'] }],
  ['attention_mask', { type: 'int64', shape: [1, 'all'] }],
  ['position_ids', { type: 'int64', shape: [1, 'new'] }],
  ['use_cache_branch', { type: 'bool', shape: [1] }],
  ['num_logits_to_keep', { type: 'int64', shape: [] }],
]);

/**
 * @param path for errors
 * @param sizes from the configuration
 * @throws ModelFileError naming the input or output at fault
 */
export function readSignature(session: ExportSession, path: string, sizes: DecoderSizes): ExportSignature {
  const { layers, kvHeads, headDim, vocabulary } = sizes;
  const check = (kind: 'input' | 'output', name: string, types: readonly string[], shape: Shape) => {
    const found = (kind === 'input' ? session.inputMetadata : session.outputMetadata).find(
      value => value.name === name,
    );
    const fault = (problem: string) => new ModelFileError(path, `${kind} '${name}'`, problem);
    if (found === undefined) throw fault('is missing, expected an export of text-generation-with-past');
    const type = found.isTensor ? found.type : 'no tensor';
    if (!types.includes(type)) throw fault(`found ${type}, expected ${types.join(' or ')}`);
    if (found.isTensor && !fits(kind, found.shape, shape))
      throw fault(`found [${found.shape.join(', ')}], expected [${shape.join(', ')}] as in config.json`);
    return type;
  };

  const past = cacheNames('past_key_values', layers);
  const present = cacheNames('present', layers);
  const cacheType = check('input', past[0]!, floatTypes, [1, kvHeads, 'past', headDim]);
  for (const name of past) check('input', name, [cacheType], [1, kvHeads, 'past', headDim]);
  for (const name of present) check('output', name, [cacheType], [1, kvHeads, 'all', headDim]);
  check('output', 'logits', floatTypes, [1, 'new', vocabulary]);

  const inputs = new Set(['input_ids', ...session.inputNames.filter(name => !past.includes(name))]);
  for (const name of inputs) {
    const known = knownInputs.get(name);
    if (known === undefined)
      throw new ModelFileError(
        path,
        `input '${name}'`,
        `found it, expected the past of ${layers} layers, ${[...knownInputs.keys()].join(', ')}`,
      );
    check('input', name, [known.type], known.shape);
  }
  return { inputs, cacheType: cacheType === 'float16' ? 'float16' : 'float32', past, present };
}

const floatTypes: readonly FloatType[] = ['float32', 'float16'];

function cacheNames(prefix: string, layers: number): readonly string[] {
  return Array.from({ length: layers }, (_, layer) => [
    `${prefix}.${layer}.key`,
    `${prefix}.${layer}.value`,
  ]).flat();
}

/** A graph that states no shape fits. A variable size may be fixed in an output: some return the last logits only. */
function fits(kind: 'input' | 'output', found: Shape, expected: Shape): boolean {
  if (found.length === 0) return true;
  return (
    found.length === expected.length &&
    found.every((size, at) => {
      const wanted = expected[at];
      if (typeof size === 'string') return true;
      return typeof wanted === 'number' ? size === wanted : kind === 'output';
    })
  );
}
