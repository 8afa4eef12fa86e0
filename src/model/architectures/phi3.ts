/**
 * Phi-3, 3.5 and 4-mini (Abdin et al., arXiv 2404.14219): LLaMA, but one matrix gives queries, keys and values, and one
 * gives gate and up. Some models have a sliding window. In some, only the first part of each head is turned.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))      Q, K, V = split(x W_qkv), with Q and K turned by their position
 *         x = x + swiGlu(rmsNorm(x))         gate, up = split(x W_gate_up)
 *     logits = rmsNorm(x) W_logits
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { causalSelfAttention, joinedFeedForward, linear, rotateHeads, silu } from '../blocks';
import { readFeedForward, readNormEpsilon, readRotaryShape, readWindow } from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import type { RotaryTables } from '../rotary';
import { writeLlama } from './llama';
import type { MistralConfig } from './mistral';

export type Phi3Config = MistralConfig;

export function writePhi3(g: DecoderGraph, config: Phi3Config): void {
  writeLlama(g, config, {
    attention: (g, x, layer, tables) => attention(g, x, layer, tables, config.window),
    feedForward: (g, x, layer) => {
      const name = `model.layers.${layer}.mlp`;
      return joinedFeedForward(g, x, [`${name}.gate_up_proj`, `${name}.down_proj`], config.feedForward, silu);
    },
  });
}

function attention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  tables: RotaryTables,
  window: number | undefined,
): Value {
  const { width, heads, kvHeads, headDim } = g.shape;
  const name = `model.layers.${layer}.self_attn`;
  const sizes = [heads * headDim, kvHeads * headDim, kvHeads * headDim];
  const joined = linear(g, x, `${name}.qkv_proj`, (heads + 2 * kvHeads) * headDim, width);
  const [query, key, value] = g.builder.multiOp('Split', [joined, g.builder.ints(sizes)], { axis: -1 }, 3);
  const turned = rotateHeads(g, { query: query!, key: key!, value: value! }, tables);
  const mixed = causalSelfAttention(g, layer, turned, { window });
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readPhi3Config(json: JsonFile): Phi3Config {
  const shape = readRotaryShape(json, { partial: 1 });
  const { rule } = shape.rotary.scaling;
  if (rule !== 'default' && rule !== 'longrope') throw json.wrong('rope_scaling', rule, 'longrope or none');
  // Required: if it is absent, transformers takes 4096 and ignores what the rule says.
  if (rule === 'longrope') json.integer('original_max_position_embeddings');
  json.string('hidden_act', { oneOf: ['silu', 'swish'], fallback: 'silu' });
  return {
    ...shape,
    feedForward: readFeedForward(json),
    normEpsilon: readNormEpsilon(json, 'rms_norm_eps', 1e-5),
    window: readWindow(json),
    tiedOutput: json.boolean('tie_word_embeddings', false),
  };
}
