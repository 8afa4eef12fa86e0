/** Reads the fields of `config.json` that several architectures share. */
import { isString, type JsonFile } from '../checkpoint/json-file';
import type { DecoderShape } from './decoder-graph';
import { maxPositions, type RotaryFields, readRotary } from './read-rotary';
import type { Rotary } from './rotary';

/** Larger numbers are refused before anything of their size is allocated. */
const max = { vocabulary: 1_000_000, layers: 1024, width: 65_536, heads: 1024, headDim: 1024 };
/** For comparison: LLaMA 4 states 10,485,760 tokens. */
const maxContext = 2 ** 24;

interface SizeNames {
  readonly layers: string;
  readonly width: string;
  readonly heads: string;
  readonly contextLength: string;
  /** Absent for architectures that share no heads, and whose heads are `width / heads` wide. */
  readonly kvHeads?: string;
  readonly headDim?: string;
}

/** The sizes, by the field names of LLaMA and later models. @throws ModelFileError */
export function readDecoderShape(json: JsonFile): DecoderShape {
  return readSizes(json, {
    layers: 'num_hidden_layers',
    width: 'hidden_size',
    heads: 'num_attention_heads',
    contextLength: 'max_position_embeddings',
    kvHeads: 'num_key_value_heads',
    headDim: 'head_dim',
  });
}

/** The sizes, by the field names of GPT-1, GPT-2 and GPT-J. @throws ModelFileError */
export function readGptShape(json: JsonFile): DecoderShape {
  const names = { layers: 'n_layer', width: 'n_embd', heads: 'n_head', contextLength: 'n_positions' };
  return readSizes(json, names, maxPositions);
}

/** @throws ModelFileError */
export function readSizes(json: JsonFile, names: SizeNames, longest = maxContext): DecoderShape {
  const width = json.integer(names.width, { max: max.width });
  const heads = json.integer(names.heads, { max: max.heads });
  const kvHeads =
    names.kvHeads === undefined ? heads : json.integer(names.kvHeads, { max: heads, fallback: heads });
  const namesHeadDim = names.headDim !== undefined && json.has(names.headDim);
  if (!namesHeadDim && width % heads !== 0)
    throw json.wrong(names.heads, heads, `a divisor of ${names.width} ${width}`);
  const headDim =
    names.headDim === undefined
      ? width / heads
      : json.integer(names.headDim, { max: max.headDim, fallback: width / heads });
  if (heads % kvHeads !== 0) throw json.wrong(names.kvHeads!, kvHeads, `a divisor of ${heads} heads`);
  return {
    vocabulary: json.integer('vocab_size', { max: max.vocabulary }),
    layers: json.integer(names.layers, { max: max.layers }),
    width,
    heads,
    kvHeads,
    headDim,
    contextLength: json.integer(names.contextLength, { max: longest }),
  };
}

/**
 * The sizes of a ready-made ONNX export. It may have any `model_type`, so any of the names above: its ONNX file holds
 * the arithmetic, and only the sizes matter.
 * @throws ModelFileError
 */
export function readExportShape(json: JsonFile): DecoderShape {
  /** Reads the first of the names that is there. If none is, the error names the first. */
  const size = (max: number, ...names: readonly [string, ...string[]]) =>
    json.integer(names.find(name => json.has(name)) ?? names[0], { max });
  const width = size(max.width, 'hidden_size', 'n_embd');
  const heads = size(max.heads, 'num_attention_heads', 'n_head', 'num_heads');
  return {
    vocabulary: size(max.vocabulary, 'vocab_size'),
    layers: size(max.layers, 'num_hidden_layers', 'n_layer', 'num_layers'),
    width,
    heads,
    kvHeads: json.integer('num_key_value_heads', { max: heads, fallback: heads }),
    headDim: json.integer('head_dim', { max: max.headDim, fallback: Math.floor(width / heads) }),
    contextLength: size(maxContext, 'max_position_embeddings', 'n_positions', 'n_ctx'),
  };
}

/** The sizes and the rotary positions. The context may be shorter if the positions are good for fewer tokens. */
export function readRotaryShape(
  json: JsonFile,
  fields: Omit<RotaryFields, 'headDim' | 'contextLength'> = {},
): DecoderShape & { readonly rotary: Rotary } {
  const shape = readDecoderShape(json);
  if (shape.headDim % 2 !== 0)
    throw json.wrong('head_dim', shape.headDim, 'an even number, as rotary positions need');
  const { contextLength, ...rotary } = readRotary(json, { ...shape, ...fields });
  return { ...shape, contextLength, rotary };
}

export function readNormEpsilon(json: JsonFile, field: string, fallback: number): number {
  return json.number(field, { min: 0, max: 1, fallback });
}

export function readFeedForward(json: JsonFile, field = 'intermediate_size', fallback?: number): number {
  return json.integer(field, { max: 262_144, ...(fallback === undefined ? {} : { fallback }) });
}

/** The sliding window of each layer, in tokens. Undefined means that the layer sees all tokens. */
export type LayerWindows = readonly (number | undefined)[];

export function everyLayer(layers: number, window: number | undefined): LayerWindows {
  return Array<number | undefined>(layers).fill(window);
}

/** @param fallback the window if the field is absent. Null always means no window */
export function readWindow(json: JsonFile, fallback?: number): number | undefined {
  const field = 'sliding_window';
  if (!json.has(field)) return json.isNull(field) ? undefined : fallback;
  return json.integer(field);
}

/** @param isSliding which layers have a sliding window, if `layer_types` does not say it */
export function readLayerWindows(
  json: JsonFile,
  layers: number,
  isSliding: (layer: number) => boolean,
): LayerWindows {
  const types =
    readLayerTypes(json, layers) ?? Array.from({ length: layers }, (_, layer) => isSliding(layer));
  if (!types.includes(true)) return everyLayer(layers, undefined);
  const window = json.integer('sliding_window');
  return types.map(slides => (slides ? window : undefined));
}

/** Whether each layer has a sliding window. Undefined if the configuration does not say it. */
export function readLayerTypes(json: JsonFile, layers: number): readonly boolean[] | undefined {
  if (!json.has('layer_types')) return undefined;
  const types = json.array('layer_types', isString, 'names of layer types');
  for (const type of types)
    if (type !== 'sliding_attention' && type !== 'full_attention')
      throw json.wrong('layer_types', type, 'full_attention or sliding_attention');
  if (types.length !== layers)
    throw json.wrong('layer_types', types.length, `${layers} names, one for each layer`);
  return types.map(type => type === 'sliding_attention');
}

/** Requires that each of the `switches` is absent or has the value that is given for it. */
export function requireSwitches(
  json: JsonFile,
  switches: Readonly<Record<string, boolean>>,
  why: string,
): void {
  for (const [field, expected] of Object.entries(switches))
    if (json.boolean(field, expected) !== expected) throw json.wrong(field, !expected, `${expected}: ${why}`);
}
