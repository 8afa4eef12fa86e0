/**
 * GPT-Neo (Black et al., 2021, github.com/EleutherAI/gpt-neo), the open reproduction of GPT-3 (Brown et al.,
 * arXiv 2005.14165). It has the blocks of GPT-2. Its layers alternate: one sees all tokens, the next sees only the last
 * `window` tokens. GPT-3 took this from the Sparse Transformer (Child et al., arXiv 1904.10509). The scores are not
 * divided by `sqrt(headDim)`, because the weights were trained without it.
 *
 *     x = embed(ids) + embedPositions
 *     for each layer:
 *         x = x + attention(layerNorm(x))     over all tokens, or over the last `window`
 *         x = x + feedForward(layerNorm(x))
 *     logits = layerNorm(x) E^T
 *
 *     attention(x):    Q, K, V = x W_q, x W_k, x W_v
 *                      softmax(Q K^T + mask) V, for each head; the heads side by side, times W_o, + b_o
 *     feedForward(x) = gelu(x W_in + b_in) W_out + b_out
 */
import type { JsonFile } from '../../checkpoint/json-file';
import {
  causalSelfAttention,
  embed,
  embedPositions,
  feedForward,
  geluTanh,
  keepWanted,
  layerNorm,
  linear,
  outputLogits,
  projectHeads,
  residual,
} from '../blocks';
import { type LayerWindows, readFeedForward, readNormEpsilon, readSizes } from '../decoder-fields';
import type { DecoderGraph, DecoderShape } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { maxPositions } from '../read-rotary';

export interface GptNeoConfig extends DecoderShape {
  readonly feedForward: number;
  readonly normEpsilon: number;
  readonly windows: LayerWindows;
  readonly tiedOutput: boolean;
}

export function writeGptNeo(g: DecoderGraph, config: GptNeoConfig): void {
  const { normEpsilon, windows } = config;
  let x = residual(g, embed(g, 'transformer.wte.weight'), embedPositions(g, 'transformer.wpe.weight'));
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `transformer.h.${layer}`;
    const mlp = [`${name}.mlp.c_fc`, `${name}.mlp.c_proj`] as const;
    const attended = attention(g, layerNorm(g, x, `${name}.ln_1`, normEpsilon), layer, windows[layer]);
    x = residual(g, keepWanted(g, x, layer), attended);
    const normed = layerNorm(g, x, `${name}.ln_2`, normEpsilon);
    x = residual(g, x, feedForward(g, normed, mlp, config.feedForward, geluTanh));
  }
  const last = layerNorm(g, x, 'transformer.ln_f', normEpsilon);
  const head = config.tiedOutput ? 'transformer.wte' : 'lm_head';
  outputLogits(g, linear(g, last, head, config.vocabulary, config.width));
}

function attention(g: DecoderGraph, x: Value, layer: number, window: number | undefined): Value {
  const { width } = g.shape;
  const name = `transformer.h.${layer}.attn.attention`;
  const mixed = causalSelfAttention(g, layer, projectHeads(g, x, name), { scale: 1, window });
  return linear(g, mixed, `${name}.out_proj`, width, width, { bias: true });
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGptNeoConfig(json: JsonFile): GptNeoConfig {
  const names = {
    layers: 'num_layers',
    width: 'hidden_size',
    heads: 'num_heads',
    contextLength: 'max_position_embeddings',
  };
  const shape = readSizes(json, names, maxPositions);
  json.string('activation_function', { oneOf: ['gelu_new', 'gelu_pytorch_tanh'], fallback: 'gelu_new' });
  return {
    ...shape,
    feedForward: readFeedForward(json, 'intermediate_size', 4 * shape.width),
    normEpsilon: readNormEpsilon(json, 'layer_norm_epsilon', 1e-5),
    windows: readAttentionTypes(json, shape.layers),
    tiedOutput: json.boolean('tie_word_embeddings', true),
  };
}

/** `attention_types` has patterns, and how often each is repeated: `[[["global", "local"], 12]]`. */
function readAttentionTypes(json: JsonFile, layers: number): LayerWindows {
  const field = 'attention_types';
  const window = json.integer('window_size', { fallback: 256 });
  const windows: (number | undefined)[] = [];
  for (const [pattern, times] of json.array(field, isRepeated, '[[names, how often], ...]'))
    for (let i = 0; i < times && windows.length <= layers; i++)
      windows.push(...pattern.map(type => (type === 'local' ? window : undefined)));
  if (windows.length !== layers) throw json.wrong(field, windows.length, `${layers} layers in all`);
  return windows;
}

function isRepeated(value: unknown): value is [('global' | 'local')[], number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [pattern, times]: unknown[] = value;
  const isPattern =
    Array.isArray(pattern) &&
    pattern.length > 0 &&
    pattern.every(type => type === 'global' || type === 'local');
  return isPattern && Number.isInteger(times);
}
