/**
 * Qwen3 (Yang et al., arXiv 2505.09388): LLaMA, but each head of the queries and keys is normalised before it is turned
 * by its position. The biases of Qwen2 are gone.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))      Q, K = turned(rmsNorm(x W_q)), turned(rmsNorm(x W_k)), for each head
 *         x = x + swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W_logits
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { causalSelfAttention, linear, projectHeads, rmsNormHeads, rotateHeads } from '../blocks';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import type { RotaryTables } from '../rotary';
import { readLlamaConfig, writeLlama } from './llama';
import { type Qwen2Config, readQwenWindows } from './qwen2';

export type Qwen3Config = Qwen2Config;

export function writeQwen3(g: DecoderGraph, config: Qwen3Config): void {
  writeLlama(g, config, { attention: (g, x, layer, tables) => attention(g, x, layer, tables, config) });
}

function attention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  tables: RotaryTables,
  { width, heads, headDim, normEpsilon, windows }: Qwen3Config,
): Value {
  const name = `model.layers.${layer}.self_attn`;
  const normed = rmsNormHeads(g, projectHeads(g, x, name), name, normEpsilon);
  const mixed = causalSelfAttention(g, layer, rotateHeads(g, normed, tables), { window: windows[layer] });
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readQwen3Config(json: JsonFile): Qwen3Config {
  // Required: the heads of Qwen3 are wider than width / heads, so no default would be right.
  json.integer('head_dim');
  const config = readLlamaConfig(json);
  return { ...config, windows: readQwenWindows(json, config.layers) };
}
