/**
 * Qwen2 and Qwen2.5-Coder (Yang et al., arXiv 2407.10671; Hui et al., arXiv 2409.12186): LLaMA, but the layers of
 * queries, keys and values have a bias. The configuration may switch on a sliding window in the upper layers.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))      Q, K, V = x W_q + b_q, x W_k + b_k, x W_v + b_v
 *         x = x + swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W_logits
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { everyLayer, type LayerWindows, readLayerTypes, readLayerWindows } from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import { type LlamaConfig, llamaAttention, readLlamaConfig, writeLlama } from './llama';

export interface Qwen2Config extends LlamaConfig {
  readonly windows: LayerWindows;
}

export function writeQwen2(g: DecoderGraph, config: Qwen2Config): void {
  writeLlama(g, config, {
    attention: (g, x, layer, tables) =>
      llamaAttention(g, x, layer, tables, { bias: true, window: config.windows[layer] }),
  });
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readQwen2Config(json: JsonFile): Qwen2Config {
  const config = readLlamaConfig(json);
  return { ...config, windows: readQwenWindows(json, config.layers) };
}

/**
 * The sliding windows. `use_sliding_window` is off in every published model. If it is on, the layers from
 * `max_window_layers` upwards have a window.
 */
export function readQwenWindows(json: JsonFile, layers: number): LayerWindows {
  if (json.boolean('use_sliding_window', false)) {
    const first = json.has('layer_types') ? layers : json.integer('max_window_layers', { min: 0 });
    return readLayerWindows(json, layers, layer => layer >= first);
  }
  if (readLayerTypes(json, layers)?.includes(true))
    throw json.wrong('layer_types', 'sliding_attention', 'full_attention, as use_sliding_window is off');
  return everyLayer(layers, undefined);
}
