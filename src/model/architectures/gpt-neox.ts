/**
 * GPT-NeoX (Black et al., arXiv 2204.06745) and Pythia (Biderman et al., arXiv 2304.01373). Attention and feed-forward
 * block stand side by side, each behind a norm of its own. Only the first part of each head is turned by the position.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(layerNorm(x)) + feedForward(layerNorm(x))      two norms of one x
 *     logits = layerNorm(x) W_logits
 *
 *     attention(x):    Q, K, V = split(x W_qkv + b_qkv), with Q and K turned by their position
 *                      softmax(Q K^T / sqrt(headDim) + mask) V, for each head; the heads side by side, times W_o, + b_o
 *     feedForward(x) = gelu(x W_in + b_in) W_out + b_out
 */
import type { JsonFile } from '../../checkpoint/json-file';
import {
  causalSelfAttention,
  embed,
  feedForward,
  gelu,
  geluTanh,
  type Heads,
  keepWanted,
  layerNorm,
  linear,
  outputLogits,
  residual,
  rotateHeads,
} from '../blocks';
import { readFeedForward, readNormEpsilon, readRotaryShape, requireSwitches } from '../decoder-fields';
import type { DecoderGraph, DecoderShape } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { type Rotary, type RotaryTables, rotaryTables } from '../rotary';

export interface GptNeoXConfig extends DecoderShape {
  readonly feedForward: number;
  readonly normEpsilon: number;
  readonly rotary: Rotary;
  readonly activation: 'gelu' | 'geluTanh';
  /** False in a few models of the family, which run the two blocks one after the other as GPT-2 does. */
  readonly parallel: boolean;
  readonly tiedOutput: boolean;
}

const activations = { gelu, geluTanh };

export function writeGptNeoX(g: DecoderGraph, config: GptNeoXConfig): void {
  const { normEpsilon } = config;
  const tables = rotaryTables(g, config.rotary);
  let x = embed(g, 'gpt_neox.embed_in.weight');
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `gpt_neox.layers.${layer}`;
    const mlp = [`${name}.mlp.dense_h_to_4h`, `${name}.mlp.dense_4h_to_h`] as const;
    const attended = attention(g, layerNorm(g, x, `${name}.input_layernorm`, normEpsilon), layer, tables);
    const before = keepWanted(g, x, layer);
    const between = residual(g, before, attended);
    const input = config.parallel ? before : between;
    const normed = layerNorm(g, input, `${name}.post_attention_layernorm`, normEpsilon);
    x = residual(g, between, feedForward(g, normed, mlp, config.feedForward, activations[config.activation]));
  }
  const last = layerNorm(g, x, 'gpt_neox.final_layer_norm', normEpsilon);
  outputLogits(g, linear(g, last, outputMatrix(g, config), config.vocabulary, config.width));
}

function attention(g: DecoderGraph, x: Value, layer: number, tables: RotaryTables): Value {
  const { width } = g.shape;
  const name = `gpt_neox.layers.${layer}.attention`;
  const joined = linear(g, x, `${name}.query_key_value`, 3 * width, width, { bias: true });
  const mixed = causalSelfAttention(g, layer, rotateHeads(g, splitByHead(g, joined), tables));
  return linear(g, mixed, `${name}.dense`, width, width, { bias: true });
}

/** Query, key and value of a head stand together: `[1, n, heads * 3 * headDim]`. */
function splitByHead(g: DecoderGraph, joined: Value): Heads {
  const { width, heads, headDim } = g.shape;
  const b = g.builder;
  const byHead = b.op('Reshape', [joined, b.ints([1, -1, heads, 3 * headDim])]);
  const [query, key, value] = b
    .multiOp('Split', [byHead], { axis: -1, num_outputs: 3 }, 3)
    .map(part => b.op('Reshape', [part, b.ints([1, -1, width])]));
  return { query: query!, key: key!, value: value! };
}

/** The name of the output matrix. Published checkpoints have `embed_out`, transformers 5 writes `lm_head`. */
function outputMatrix(g: DecoderGraph, { tiedOutput }: GptNeoXConfig): string {
  if (tiedOutput) return 'gpt_neox.embed_in';
  return g.weights.has('embed_out.weight') ? 'embed_out' : 'lm_head';
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGptNeoXConfig(json: JsonFile): GptNeoXConfig {
  const shape = readRotaryShape(json, {
    partial: 0.25,
    names: { partial: 'rotary_pct', base: 'rotary_emb_base' },
  });
  if (shape.kvHeads !== shape.heads)
    throw json.wrong('num_key_value_heads', shape.kvHeads, `${shape.heads}: GPT-NeoX shares no heads`);
  if (shape.headDim * shape.heads !== shape.width)
    throw json.wrong('head_dim', shape.headDim, 'the share of a head in hidden_size');
  requireSwitches(json, { attention_bias: true }, 'every layer of GPT-NeoX has biases');
  const activation = json.string('hidden_act', {
    oneOf: ['gelu', 'gelu_fast', 'gelu_new', 'gelu_pytorch_tanh'],
    fallback: 'gelu',
  });
  return {
    ...shape,
    feedForward: readFeedForward(json),
    normEpsilon: readNormEpsilon(json, 'layer_norm_eps', 1e-5),
    activation: activation === 'gelu' ? 'gelu' : 'geluTanh',
    parallel: json.boolean('use_parallel_residual', true),
    tiedOutput: json.boolean('tie_word_embeddings', false),
  };
}
