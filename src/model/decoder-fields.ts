/** Reads the fields of `config.json` that several architectures share. */
import { isString, type JsonFile } from '../checkpoint/json-file';
import type { DecoderShape } from './decoder-graph';
import { type RotaryFields, readRotary } from './read-rotary';
import type { Rotary } from './rotary';

/**
 * For comparison: LLaMA 4 states 10,485,760 tokens. Nothing is as large as this number says: the prompt is bounded by the
 * settings, and the KV cache grows with the prompt.
 */
export const maxContext = 2 ** 24;

/** The sizes, by the field names of LLaMA and later models. @throws ModelFileError */
export function readDecoderShape(json: JsonFile): DecoderShape {
  const width = json.integer('hidden_size', { max: 65_536 });
  const heads = json.integer('num_attention_heads', { max: 1024 });
  const kvHeads = json.integer('num_key_value_heads', { max: heads, fallback: heads });
  if (!json.has('head_dim') && width % heads !== 0)
    throw json.wrong('num_attention_heads', heads, `a divisor of hidden_size ${width}`);
  const headDim = json.integer('head_dim', { max: 1024, fallback: width / heads });
  if (heads % kvHeads !== 0) throw json.wrong('num_key_value_heads', kvHeads, `a divisor of ${heads} heads`);
  return {
    vocabulary: json.integer('vocab_size', { max: 1_000_000 }),
    layers: json.integer('num_hidden_layers', { max: 1024 }),
    width,
    heads,
    kvHeads,
    headDim,
    contextLength: json.integer('max_position_embeddings', { max: maxContext }),
  };
}

/** The sizes, by the field names of GPT-1, GPT-2 and GPT-J. @throws ModelFileError */
export function readGptShape(json: JsonFile): DecoderShape {
  const width = json.integer('n_embd', { max: 65_536 });
  const heads = json.integer('n_head', { max: 1024 });
  if (width % heads !== 0) throw json.wrong('n_head', heads, `a divisor of n_embd ${width}`);
  return {
    vocabulary: json.integer('vocab_size', { max: 1_000_000 }),
    layers: json.integer('n_layer', { max: 1024 }),
    width,
    heads,
    kvHeads: heads,
    headDim: width / heads,
    contextLength: json.integer('n_positions', { max: maxContext }),
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
