/**
 * The sizes of a ready-made export, from its `config.json`. Unlike for a graph of our own the architecture does not
 * matter, because its arithmetic is in the ONNX file: any `model_type` will do, and only the sizes are read.
 */
import type { JsonFile } from '../checkpoint/json-file';
import type { DecoderShape } from './decoder-graph';

/** @throws ModelFileError for a size that is missing or absurd */
export function readExportShape(json: JsonFile): DecoderShape {
  /** The first of the names that architectures have for a size; the first of all where there is none. */
  const size = (max: number, ...names: readonly [string, ...string[]]) =>
    json.integer(names.find(name => json.has(name)) ?? names[0], { max });
  const width = size(65_536, 'hidden_size', 'n_embd');
  const heads = size(1024, 'num_attention_heads', 'n_head', 'num_heads');
  return {
    vocabulary: size(1_000_000, 'vocab_size'),
    layers: size(1024, 'num_hidden_layers', 'n_layer', 'num_layers'),
    width,
    heads,
    kvHeads: json.integer('num_key_value_heads', { max: heads, fallback: heads }),
    headDim: json.integer('head_dim', { max: 1024, fallback: Math.floor(width / heads) }),
    contextLength: size(2 ** 24, 'max_position_embeddings', 'n_positions', 'n_ctx'),
  };
}
