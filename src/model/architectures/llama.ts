/**
 * LLaMA (Touvron et al., arXiv 2302.13971), with the grouped-query attention of LLaMA 2 (arXiv 2307.09288). The scaled
 * positions of LLaMA 3 (arXiv 2407.21783) are in `rotary.ts`. SmolLM and most code models have this architecture too.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))
 *         x = x + swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W^T
 *
 *     attention(x): Q, K, V = x W_q^T, x W_k^T, x W_v^T, with Q and K turned by their position
 *                   softmax(Q K^T / sqrt(headDim) + mask) V, for each head, then W_o^T
 *     swiGlu(x)   = (silu(x W_gate^T) * x W_up^T) W_down^T
 */
import type { JsonFile } from '../../checkpoint/json-file';
import {
  type AttentionOptions,
  causalSelfAttention,
  embed,
  gatedFeedForward,
  keepWanted,
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

/** A block of one layer. It returns what is added to the residual stream. */
export type LayerBlock = (g: DecoderGraph, x: Value, layer: number, angles: RotaryTables) => Value;

/** @param blocks blocks that replace those of LLaMA in a similar architecture */
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
    x = residual(g, keepWanted(g, x, layer), attention(g, first, layer, angles));
    const second = rmsNorm(g, x, `${name}.post_attention_layernorm`, config.normEpsilon);
    x = residual(g, x, feedForward(g, second, layer, angles));
  }
  const last = rmsNorm(g, x, 'model.norm', config.normEpsilon);
  outputLogits(g, outputProjection(g, last, config));
}

/**
 * @param angles undefined for a model whose tokens have no positions
 * @param options.bias the layers of queries, keys and values have a bias (Qwen2)
 */
export function llamaAttention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  angles: RotaryTables | undefined,
  { bias = false, ...options }: AttentionOptions & { readonly bias?: boolean } = {},
): Value {
  const { width, heads, headDim } = g.shape;
  const name = `model.layers.${layer}.self_attn`;
  const parts = projectHeads(g, x, name, { bias });
  const turned = angles === undefined ? parts : rotateHeads(g, parts, angles);
  const mixed = causalSelfAttention(g, layer, turned, options);
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim);
}

/** The gated feed-forward block with SiLU. */
export function swiGlu(g: DecoderGraph, x: Value, layer: number, { feedForward }: LlamaConfig): Value {
  return gatedFeedForward(g, x, `model.layers.${layer}.mlp`, feedForward, silu);
}

/** The scores of the vocabulary: `[1, m, width] -> [1, m, vocabulary]`. */
export function outputProjection(
  g: DecoderGraph,
  x: Value,
  { tiedOutput }: { readonly tiedOutput: boolean },
): Value {
  return linear(g, x, tiedOutput ? 'model.embed_tokens' : 'lm_head', g.shape.vocabulary, g.shape.width);
}

/**
 * @param feedForwardField the field for the width of the feed-forward block, if a similar architecture has another one
 * @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement
 */
export function readLlamaConfig(json: JsonFile, feedForwardField?: string): LlamaConfig {
  const shape = readRotaryShape(json);
  json.string('hidden_act', { oneOf: ['silu', 'swish'], fallback: 'silu' });
  requireSwitches(json, { attention_bias: false, mlp_bias: false }, 'LLaMA has no biases');
  return {
    ...shape,
    feedForward: readFeedForward(json, feedForwardField),
    normEpsilon: readNormEpsilon(json, 'rms_norm_eps', 1e-6),
    tiedOutput: json.boolean('tie_word_embeddings', false),
  };
}
