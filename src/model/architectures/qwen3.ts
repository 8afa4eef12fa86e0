/**
 * Qwen3 (Yang et al., arXiv 2505.09388): LLaMA whose queries and keys are normalised, each head by itself, before
 * they are turned. Qwen2's biases are gone.
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
  writeLlama(g, config, { attention: (g, x, layer, angles) => attention(g, x, layer, angles, config) });
}

function attention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  angles: RotaryTables,
  { width, heads, kvHeads, headDim, normEpsilon, windows }: Qwen3Config,
): Value {
  const name = `model.layers.${layer}.self_attn`;
  const { query, key, value } = projectHeads(g, x, name);
  const norm = (x: Value, part: string, heads: number) =>
    rmsNormHeads(g, x, g.tensor(`${name}.${part}.weight`, [headDim]), normEpsilon, heads);
  const normed = { query: norm(query, 'q_norm', heads), key: norm(key, 'k_norm', kvHeads), value };
  const mixed = causalSelfAttention(g, layer, rotateHeads(g, normed, angles), { window: windows[layer] });
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readQwen3Config(json: JsonFile): Qwen3Config {
  // Its heads are wider than their share of the width: there is nothing to guess from.
  json.integer('head_dim');
  const config = readLlamaConfig(json);
  return { ...config, windows: readQwenWindows(json, config.layers) };
}
