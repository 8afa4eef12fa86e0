/**
 * GPT-2 (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019): GPT-1 with the norm in front of
 * each block, and one more norm after the last layer.
 *
 *     x = embed(ids) + embedPositions
 *     for each layer:
 *         x = x + attention(layerNorm(x))
 *         x = x + feedForward(layerNorm(x))
 *     logits = layerNorm(x) E^T               the output matrix is the embedding table E
 *
 *     attention(x):    Q, K, V = split(x W_qkv + b_qkv)
 *                      softmax(Q K^T / sqrt(headDim) + mask) V, for each head; the heads side by side, times W_o, + b_o
 *     feedForward(x) = gelu(x W_in + b_in) W_out + b_out
 *
 * The symbols are explained in `blocks.ts`. `writeGpt2` computes nothing: it builds the graph of this figure, which
 * ONNX Runtime runs later. `keepWanted` can be read as `x`: it only makes the last layer faster.
 */
import type { JsonFile } from '../../checkpoint/json-file';
import type { TensorSource } from '../../checkpoint/tensor-source';
import {
  causalSelfAttention,
  embed,
  embedPositions,
  geluTanh,
  keepWanted,
  layerNorm,
  linear,
  outputLogits,
  residual,
} from '../blocks';
import { readFeedForward, readGptShape, readNormEpsilon, requireSwitches } from '../decoder-fields';
import type { DecoderGraph, DecoderShape } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';

export interface Gpt2Config extends DecoderShape {
  readonly feedForward: number;
  readonly normEpsilon: number;
}

export function writeGpt2(g: DecoderGraph, config: Gpt2Config): void {
  const root = tensorPrefix(g.weights);
  let x = residual(g, embed(g, `${root}wte.weight`), embedPositions(g, `${root}wpe.weight`));
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `${root}h.${layer}`;
    const attended = gptAttention(g, layerNorm(g, x, `${name}.ln_1`, config.normEpsilon), name, layer);
    x = residual(g, keepWanted(g, x, layer), attended);
    const fed = gptFeedForward(g, layerNorm(g, x, `${name}.ln_2`, config.normEpsilon), name, config);
    x = residual(g, x, fed);
  }
  const last = layerNorm(g, x, `${root}ln_f`, config.normEpsilon);
  outputLogits(g, linear(g, last, `${root}wte`, config.vocabulary, config.width));
}

/** Attention of GPT-1 and GPT-2. One matrix gives queries, keys and values together. */
export function gptAttention(g: DecoderGraph, x: Value, name: string, layer: number): Value {
  const { width } = g.shape;
  const joined = conv1d(g, x, `${name}.attn.c_attn`, width, 3 * width);
  const [query, key, value] = g.builder.multiOp('Split', [joined], { axis: -1, num_outputs: 3 }, 3);
  const mixed = causalSelfAttention(g, layer, { query: query!, key: key!, value: value! });
  return conv1d(g, mixed, `${name}.attn.c_proj`, width, width);
}

/** The feed-forward block of GPT-1 and GPT-2. */
export function gptFeedForward(g: DecoderGraph, x: Value, name: string, config: Gpt2Config): Value {
  const inner = geluTanh(g, conv1d(g, x, `${name}.mlp.c_fc`, config.width, config.feedForward));
  return conv1d(g, inner, `${name}.mlp.c_proj`, config.feedForward, config.width);
}

/** The linear layer of GPT-1 and GPT-2: `x W + b` as in `linear`, but `NAME.weight` is W itself, `[inputs, outputs]`. */
function conv1d(g: DecoderGraph, x: Value, name: string, inputs: number, outputs: number): Value {
  return g.products.conv1d(x, { name: `${name}.weight`, outputs, bias: `${name}.bias` }, inputs);
}

/** Some checkpoints have a prefix before all names (`transformer.wte.weight`), some have none (`wte.weight`). */
function tensorPrefix(weights: TensorSource): string {
  return weights.has('wte.weight') ? '' : 'transformer.';
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGpt2Config(json: JsonFile): Gpt2Config {
  const shape = readGptShape(json);
  json.string('activation_function', { oneOf: ['gelu_new', 'gelu_pytorch_tanh'], fallback: 'gelu_new' });
  requireSwitches(
    json,
    { scale_attn_by_inverse_layer_idx: false, add_cross_attention: false },
    'not part of GPT-2',
  );
  requireSwitches(json, { scale_attn_weights: true, tie_word_embeddings: true }, 'part of GPT-2');
  return {
    ...shape,
    feedForward: readFeedForward(json, 'n_inner', 4 * shape.width),
    normEpsilon: readNormEpsilon(json, 'layer_norm_epsilon', 1e-5),
  };
}
