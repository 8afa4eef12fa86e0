/**
 * StarCoder2 (Lozhkov et al., arXiv 2402.19173): the norms, biases and feed-forward block of GPT-2, with the attention
 * of Mistral: rotary positions, grouped queries and a sliding window.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(layerNorm(x))      over the last `window` tokens
 *         x = x + feedForward(layerNorm(x))
 *     logits = layerNorm(x) W_logits
 *
 *     attention(x):    Q, K, V = x W_q + b_q, x W_k + b_k, x W_v + b_v, with Q and K turned by their position
 *                      softmax(Q K^T / sqrt(headDim) + mask) V, for each head; the heads side by side, times W_o, + b_o
 *     feedForward(x) = gelu(x W_in + b_in) W_out + b_out
 */
import type { JsonFile } from '../../checkpoint/json-file';
import {
  causalSelfAttention,
  embed,
  feedForward,
  geluTanh,
  keepWanted,
  layerNorm,
  linear,
  outputLogits,
  projectHeads,
  residual,
  rotateHeads,
} from '../blocks';
import {
  readFeedForward,
  readNormEpsilon,
  readRotaryShape,
  readWindow,
  requireSwitches,
} from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { type RotaryTables, rotaryTables } from '../rotary';
import { outputProjection } from './llama';
import type { MistralConfig } from './mistral';

export type Starcoder2Config = MistralConfig;

export function writeStarcoder2(g: DecoderGraph, config: Starcoder2Config): void {
  const { normEpsilon } = config;
  const tables = rotaryTables(g, config.rotary);
  let x = embed(g, 'model.embed_tokens.weight');
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const mlp = [`${name}.mlp.c_fc`, `${name}.mlp.c_proj`] as const;
    const attentionInput = layerNorm(g, x, `${name}.input_layernorm`, normEpsilon);
    x = residual(g, keepWanted(g, x, layer), attention(g, attentionInput, layer, tables, config.window));
    const feedForwardInput = layerNorm(g, x, `${name}.post_attention_layernorm`, normEpsilon);
    x = residual(g, x, feedForward(g, feedForwardInput, mlp, config.feedForward, geluTanh));
  }
  outputLogits(g, outputProjection(g, layerNorm(g, x, 'model.norm', normEpsilon), config));
}

function attention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  tables: RotaryTables,
  window: number | undefined,
): Value {
  const { width, heads, headDim } = g.shape;
  const name = `model.layers.${layer}.self_attn`;
  const turned = rotateHeads(g, projectHeads(g, x, name, { bias: true }), tables);
  const mixed = causalSelfAttention(g, layer, turned, { window });
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim, { bias: true });
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readStarcoder2Config(json: JsonFile): Starcoder2Config {
  const shape = readRotaryShape(json);
  json.string('hidden_act', { oneOf: ['gelu_pytorch_tanh', 'gelu_new'], fallback: 'gelu_pytorch_tanh' });
  // The published files have these two fields. transformers knows only one value of each.
  json.string('norm_type', { oneOf: ['layer_norm'], fallback: 'layer_norm' });
  json.string('mlp_type', { oneOf: ['default'], fallback: 'default' });
  requireSwitches(json, { use_bias: true }, 'every layer of StarCoder2 has biases');
  return {
    ...shape,
    feedForward: readFeedForward(json),
    normEpsilon: readNormEpsilon(json, 'norm_epsilon', 1e-5),
    window: readWindow(json),
    tiedOutput: json.boolean('tie_word_embeddings', true),
  };
}
