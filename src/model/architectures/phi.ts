/**
 * Phi-1, 1.5 and 2 (Gunasekar et al., arXiv 2306.11644; Li et al., arXiv 2309.05463): the layers of GPT-J, with a bias
 * in every linear layer, and with the rotary pairs of LLaMA.
 *
 *     x = embed(ids)
 *     for each layer:
 *         y = layerNorm(x)
 *         x = x + attention(y) + feedForward(y)
 *     logits = layerNorm(x) W_logits + b_logits
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
import { readFeedForward, readNormEpsilon, readRotaryShape, requireSwitches } from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { type RotaryTables, rotaryTables } from '../rotary';
import type { GptJConfig } from './gpt-j';

export type PhiConfig = GptJConfig;

export function writePhi(g: DecoderGraph, config: PhiConfig): void {
  const tables = rotaryTables(g, config.rotary);
  let x = embed(g, 'model.embed_tokens.weight');
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const mlp = [`${name}.mlp.fc1`, `${name}.mlp.fc2`] as const;
    const y = layerNorm(g, x, `${name}.input_layernorm`, config.normEpsilon);
    const attended = attention(g, y, layer, tables);
    const fed = feedForward(g, keepWanted(g, y, layer), mlp, config.feedForward, geluTanh);
    x = residual(g, residual(g, keepWanted(g, x, layer), attended), fed);
  }
  const last = layerNorm(g, x, 'model.final_layernorm', config.normEpsilon);
  outputLogits(g, linear(g, last, 'lm_head', config.vocabulary, config.width, { bias: true }));
}

function attention(g: DecoderGraph, x: Value, layer: number, tables: RotaryTables): Value {
  const { width, heads, headDim } = g.shape;
  const name = `model.layers.${layer}.self_attn`;
  const turned = rotateHeads(g, projectHeads(g, x, name, { bias: true }), tables);
  const mixed = causalSelfAttention(g, layer, turned);
  return linear(g, mixed, `${name}.dense`, width, heads * headDim, { bias: true });
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readPhiConfig(json: JsonFile): PhiConfig {
  const shape = readRotaryShape(json, { partial: 0.5 });
  json.string('hidden_act', { oneOf: ['gelu_new', 'gelu_pytorch_tanh'], fallback: 'gelu_new' });
  requireSwitches(json, { qk_layernorm: false }, 'no published Phi normalises its queries and keys');
  requireSwitches(json, { tie_word_embeddings: false }, 'the output matrix of Phi is its own');
  return {
    ...shape,
    feedForward: readFeedForward(json),
    normEpsilon: readNormEpsilon(json, 'layer_norm_eps', 1e-5),
  };
}
