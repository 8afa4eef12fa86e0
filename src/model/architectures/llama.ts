/**
 * LLaMA (Touvron et al., arXiv 2302.13971; grouped-query attention from LLaMA 2, arXiv 2307.09288; the stretched
 * positions of LLaMA 3, arXiv 2407.21783, are in `rotary.ts`). SmolLM and most code models are this too.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))      queries and keys turned by their position
 *         x = x + swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W^T
 */

import type { JsonFile } from '../../checkpoint/json-file';
import {
  type AttentionOptions,
  asking,
  causalSelfAttention,
  embed,
  gatedFeedForward,
  linear,
  outputLogits,
  projectHeads,
  residual,
  rmsNorm,
  rotateHeads,
  silu,
} from '../blocks';
import { readFeedForward, readNormEpsilon, readRotaryShape, requireSwitches } from '../decoder-fields';
import type { DecoderGraph, DecoderShape } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { type Rotary, type RotaryTables, rotaryTables } from '../rotary';

export interface LlamaConfig extends DecoderShape {
  readonly feedForward: number;
  readonly normEpsilon: number;
  readonly rotary: Rotary;
  /** The output matrix is the embedding table. */
  readonly tiedOutput: boolean;
}

/** One layer's block: what it adds to the stream. */
export type LayerBlock = (g: DecoderGraph, x: Value, layer: number, angles: RotaryTables) => Value;

/** @param blocks what an architecture close to LLaMA has in their place */
export function writeLlama(
  g: DecoderGraph,
  config: LlamaConfig,
  {
    attention = llamaAttention,
    feedForward = (g, x, layer) => swiGlu(g, x, layer, config),
  }: { readonly attention?: LayerBlock; readonly feedForward?: LayerBlock } = {},
): void {
  const angles = rotaryTables(g, config.rotary);
  let x = embed(g, 'model.embed_tokens.weight');
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const first = rmsNorm(g, x, `${name}.input_layernorm`, config.normEpsilon);
    x = residual(g, asking(g, x, layer), attention(g, first, layer, angles));
    const second = rmsNorm(g, x, `${name}.post_attention_layernorm`, config.normEpsilon);
    x = residual(g, x, feedForward(g, second, layer, angles));
  }
  const last = rmsNorm(g, x, 'model.norm', config.normEpsilon);
  outputLogits(g, outputProjection(g, last, config));
}

/** @param options.bias queries, keys and values have one (Qwen2) */
export function llamaAttention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  angles: RotaryTables,
  { bias = false, ...options }: AttentionOptions & { readonly bias?: boolean } = {},
): Value {
  const { width, heads, headDim } = g.shape;
  const name = `model.layers.${layer}.self_attn`;
  const turned = rotateHeads(g, projectHeads(g, x, name, { bias }), angles);
  const mixed = causalSelfAttention(g, layer, turned, options);
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim);
}

export function swiGlu(g: DecoderGraph, x: Value, layer: number, { feedForward }: LlamaConfig): Value {
  return gatedFeedForward(g, x, `model.layers.${layer}.mlp`, feedForward, silu);
}

export function outputProjection(
  g: DecoderGraph,
  x: Value,
  { tiedOutput }: { readonly tiedOutput: boolean },
): Value {
  return linear(g, x, tiedOutput ? 'model.embed_tokens' : 'lm_head', g.shape.vocabulary, g.shape.width);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readLlamaConfig(json: JsonFile): LlamaConfig {
  const shape = readRotaryShape(json);
  json.string('hidden_act', { oneOf: ['silu', 'swish'], fallback: 'silu' });
  requireSwitches(json, { attention_bias: false, mlp_bias: false }, 'LLaMA has no biases');
  return {
    ...shape,
    feedForward: readFeedForward(json),
    normEpsilon: readNormEpsilon(json, 'rms_norm_eps', 1e-6),
    tiedOutput: json.boolean('tie_word_embeddings', false),
  };
}
