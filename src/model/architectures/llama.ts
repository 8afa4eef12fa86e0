/**
 * LLaMA (Touvron et al., arXiv 2302.13971), with the grouped-query attention of LLaMA 2 (arXiv 2307.09288). The scaled
 * positions of LLaMA 3.1 are in `rotary.ts`. SmolLM and most code models have this architecture too.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))
 *         x = x + swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W_logits            W_logits may be E^T (`tiedOutput`)
 *
 *     attention(x): Q, K, V = x W_q, x W_k, x W_v, with Q and K turned by their position
 *                   softmax(Q K^T / sqrt(headDim) + mask) V, for each head; the heads side by side, times W_o
 *     swiGlu(x)   = (silu(x W_gate) * (x W_up)) W_down
 *
 * The shapes of one decoding step. The small model (`models/sotto-starter`) has seen 99 tokens, and `ids`
 * has one more: `p` = 100, `n` = `m` = 1. The symbols are in `blocks.ts`.
 *
 *     ids                      [1, 1]                     [1, n]
 *     x = embed(ids)           [1, 1, 256]                [1, n, width]: a row of E, [8192, 256]
 *     in each of 6 layers:
 *       rmsNorm(x)             [1, 1, 256]
 *       Q                      [1, 1, 256]                4 heads of 64 numbers
 *       K, V                   [1, 1, 128]                2 heads of 64 numbers; they go to the KV cache, too
 *       Q, by heads of keys    [2, 2, 64]                 [kvHeads, n * group, headDim]
 *       K, V with the cache    [101, 2, 64]               [p + n, kvHeads, headDim]: 100 cached rows and the new one
 *       Q K^T, + mask, softmax [2, 2, 101]                [kvHeads, n * group, p + n]; the mask is [1, 101]
 *       times V                [2, 2, 64]                 [kvHeads, n * group, headDim]
 *       heads side by side     [1, 1, 256]                times W_o it is [1, 1, 256] again, and added to x
 *       rmsNorm(x)             [1, 1, 256]
 *       x W_gate, x W_up       [1, 1, 704]                [1, n, inner]
 *       times W_down           [1, 1, 256]                is added to x
 *     rmsNorm(x)               [1, 1, 256]
 *     logits                   [1, 8192]                  [m, vocabulary]
 *
 * `train/sotto_train/model.py` is the same network in PyTorch.
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
  scaleBy,
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

/** A block of one layer. `writeLlama` adds its result to the residual stream. */
export type LayerBlock = (g: DecoderGraph, x: Value, layer: number, tables: RotaryTables) => Value;

/** The steps in which similar architectures differ from LLaMA. */
export interface LlamaVariant {
  readonly attention?: LayerBlock;
  readonly feedForward?: LayerBlock;
  readonly norm?: typeof rmsNorm;
  /** The embeddings are multiplied by this. */
  readonly embeddingScale?: number;
}

export function writeLlama(
  g: DecoderGraph,
  config: LlamaConfig,
  {
    attention = llamaAttention,
    feedForward = (g, x, layer) => swiGlu(g, x, layer, config),
    norm = rmsNorm,
    embeddingScale = 1,
  }: LlamaVariant = {},
): void {
  const { normEpsilon } = config;
  const tables = rotaryTables(g, config.rotary);
  let x = scaleBy(g, embed(g, 'model.embed_tokens.weight'), embeddingScale);
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const attentionInput = norm(g, x, `${name}.input_layernorm`, normEpsilon);
    // Read keepWanted as `x`: it only makes the last layer faster.
    x = residual(g, keepWanted(g, x, layer), attention(g, attentionInput, layer, tables));
    const feedForwardInput = norm(g, x, `${name}.post_attention_layernorm`, normEpsilon);
    x = residual(g, x, feedForward(g, feedForwardInput, layer, tables));
  }
  outputLogits(g, outputProjection(g, norm(g, x, 'model.norm', normEpsilon), config));
}

/**
 * @param tables undefined for a model whose tokens have no positions
 * @param options.bias the layers of queries, keys and values have a bias (Qwen2)
 */
export function llamaAttention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  tables: RotaryTables | undefined,
  { bias = false, ...options }: AttentionOptions & { readonly bias?: boolean } = {},
): Value {
  const { width, heads, headDim } = g.shape;
  const name = `model.layers.${layer}.self_attn`;
  const projected = projectHeads(g, x, name, { bias });
  const turned = tables === undefined ? projected : rotateHeads(g, projected, tables);
  const mixed = causalSelfAttention(g, layer, turned, options);
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim);
}

/** The gated feed-forward block with SiLU: `(silu(x W_gate) * (x W_up)) W_down`. */
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
