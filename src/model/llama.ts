/**
 * LLaMA (Touvron et al., arXiv 2302.13971; grouped-query attention from LLaMA 2, arXiv 2307.09288).
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))      queries and keys turned by their position
 *         x = x + swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W^T
 */

import type { JsonFile } from '../files/json-file';
import {
  causalSelfAttention,
  embed,
  multiply,
  outputLogits,
  type RotaryTables,
  residual,
  rmsNorm,
  rotary,
  rotaryTables,
  silu,
  wantedRows,
} from './blocks';
import type { DecoderGraph, DecoderShape } from './decoder-graph';
import type { Value } from './onnx/graph-builder';

export interface LlamaConfig extends DecoderShape {
  readonly feedForward: number;
  readonly normEpsilon: number;
  readonly rotaryBase: number;
  /** The output matrix is the embedding table. */
  readonly tiedOutput: boolean;
}

export function writeLlama(g: DecoderGraph, config: LlamaConfig): void {
  const angles = rotaryTables(g, config.rotaryBase);
  let x = embed(g, 'model.embed_tokens.weight');
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    x = residual(
      g,
      x,
      attention(g, rmsNorm(g, x, `${name}.input_layernorm`, config.normEpsilon), layer, angles),
    );
    x = residual(
      g,
      x,
      swiGlu(g, rmsNorm(g, x, `${name}.post_attention_layernorm`, config.normEpsilon), layer, config),
    );
  }
  const last = rmsNorm(g, wantedRows(g, x), 'model.norm', config.normEpsilon);
  const head = config.tiedOutput ? 'model.embed_tokens.weight' : 'lm_head.weight';
  outputLogits(g, g.matMulTransposed(last, head, config.vocabulary, config.width));
}

function attention(g: DecoderGraph, x: Value, layer: number, angles: RotaryTables): Value {
  const { width, heads, kvHeads, headDim } = g.shape;
  const name = `model.layers.${layer}.self_attn`;
  const query = g.matMulTransposed(x, `${name}.q_proj.weight`, heads * headDim, width);
  const key = g.matMulTransposed(x, `${name}.k_proj.weight`, kvHeads * headDim, width);
  const value = g.matMulTransposed(x, `${name}.v_proj.weight`, kvHeads * headDim, width);
  const mixed = causalSelfAttention(g, layer, {
    query: rotary(g, query, angles),
    key: rotary(g, key, angles),
    value,
  });
  return g.matMulTransposed(mixed, `${name}.o_proj.weight`, width, heads * headDim);
}

/** `W_down (silu(W_gate x) * W_up x)` (Shazeer, arXiv 2002.05202). */
function swiGlu(g: DecoderGraph, x: Value, layer: number, { width, feedForward }: LlamaConfig): Value {
  const name = `model.layers.${layer}.mlp`;
  const gate = g.matMulTransposed(x, `${name}.gate_proj.weight`, feedForward, width);
  const up = g.matMulTransposed(x, `${name}.up_proj.weight`, feedForward, width);
  return g.matMulTransposed(multiply(g, silu(g, gate), up), `${name}.down_proj.weight`, width, feedForward);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readLlamaConfig(json: JsonFile): LlamaConfig {
  const width = json.integer('hidden_size', { max: 65_536 });
  const heads = json.integer('num_attention_heads', { max: 1024 });
  const kvHeads = json.integer('num_key_value_heads', { max: heads, fallback: heads });
  const headDim = json.integer('head_dim', { max: 1024, fallback: Math.floor(width / heads) });
  if (heads % kvHeads !== 0) throw json.wrong('num_key_value_heads', kvHeads, `a divisor of ${heads} heads`);
  if (headDim % 2 !== 0) throw json.wrong('head_dim', headDim, 'an even number, as rotary positions need');
  json.string('hidden_act', { oneOf: ['silu'], fallback: 'silu' });
  refuseScaledRotary(json);
  for (const biases of ['attention_bias', 'mlp_bias'])
    if (json.boolean(biases, false)) throw json.wrong(biases, true, 'false: LLaMA has no biases');
  return {
    vocabulary: json.integer('vocab_size', { max: 1_000_000 }),
    layers: json.integer('num_hidden_layers', { max: 1024 }),
    width,
    heads,
    kvHeads,
    headDim,
    contextLength: json.integer('max_position_embeddings', { max: 131_072 }),
    feedForward: json.integer('intermediate_size', { max: 262_144 }),
    normEpsilon: json.number('rms_norm_eps', { min: 0, max: 1, fallback: 1e-6 }),
    rotaryBase: readRotaryBase(json),
    tiedOutput: json.boolean('tie_word_embeddings', false),
  };
}

/** transformers 5 moved the base into `rope_parameters`; before, it stood at the top as `rope_theta`. */
function readRotaryBase(json: JsonFile): number {
  const base = json.number('rope_theta', { min: 1, fallback: 10_000 });
  if (!json.has('rope_parameters')) return base;
  return json.object('rope_parameters').number('rope_theta', { min: 1, fallback: base });
}

function refuseScaledRotary(json: JsonFile): void {
  for (const field of ['rope_scaling', 'rope_parameters']) {
    if (!json.has(field)) continue;
    const rule = json.object(field);
    rule.string(rule.has('type') ? 'type' : 'rope_type', { oneOf: ['default'], fallback: 'default' });
  }
}
