/**
 * GPT-J (Wang and Komatsuzaki, 2021, github.com/kingoflolz/mesh-transformer-jax). Attention and feed-forward block
 * stand side by side behind one norm. Positions are rotary: in the first part of each head, neighbouring numbers are
 * turned as a pair.
 *
 *     x = embed(ids)
 *     for each layer:
 *         y = layerNorm(x)
 *         x = x + attention(y) + feedForward(y)
 *     logits = layerNorm(x) W_logits + b_logits
 *
 *     attention(x):    Q, K, V = x W_q, x W_k, x W_v, with Q and K turned by their position
 *                      softmax(Q K^T / sqrt(headDim) + mask) V, for each head; the heads side by side, times W_o
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
import { readFeedForward, readGptShape, readNormEpsilon, requireSwitches } from '../decoder-fields';
import type { DecoderGraph, DecoderShape } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { type Rotary, type RotaryTables, rotaryTables } from '../rotary';

export interface GptJConfig extends DecoderShape {
  readonly feedForward: number;
  readonly normEpsilon: number;
  readonly rotary: Rotary;
}

export function writeGptJ(g: DecoderGraph, config: GptJConfig): void {
  const tables = rotaryTables(g, config.rotary, { interleaved: true });
  let x = embed(g, 'transformer.wte.weight');
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `transformer.h.${layer}`;
    const mlp = [`${name}.mlp.fc_in`, `${name}.mlp.fc_out`] as const;
    const y = layerNorm(g, x, `${name}.ln_1`, config.normEpsilon);
    const attended = attention(g, y, layer, tables);
    const fed = feedForward(g, keepWanted(g, y, layer), mlp, config.feedForward, geluTanh);
    x = residual(g, residual(g, keepWanted(g, x, layer), attended), fed);
  }
  const last = layerNorm(g, x, 'transformer.ln_f', config.normEpsilon);
  outputLogits(g, linear(g, last, 'lm_head', config.vocabulary, config.width, { bias: true }));
}

function attention(g: DecoderGraph, x: Value, layer: number, tables: RotaryTables): Value {
  const { width } = g.shape;
  const name = `transformer.h.${layer}.attn`;
  const mixed = causalSelfAttention(g, layer, rotateHeads(g, projectHeads(g, x, name), tables));
  return linear(g, mixed, `${name}.out_proj`, width, width);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGptJConfig(json: JsonFile): GptJConfig {
  const shape = readGptShape(json);
  const dims = json.integer('rotary_dim', { max: shape.headDim });
  if (dims % 2 !== 0) throw json.wrong('rotary_dim', dims, 'an even number: pairs are turned');
  json.string('activation_function', { oneOf: ['gelu_new', 'gelu_pytorch_tanh'], fallback: 'gelu_new' });
  requireSwitches(json, { scale_attn_weights: true }, 'part of GPT-J');
  requireSwitches(json, { tie_word_embeddings: false }, 'the output matrix of GPT-J is its own');
  return {
    ...shape,
    feedForward: readFeedForward(json, 'n_inner', 4 * shape.width),
    normEpsilon: readNormEpsilon(json, 'layer_norm_epsilon', 1e-5),
    rotary: { base: 10_000, dims, scaling: { rule: 'default' } },
  };
}
