/**
 * Mistral 7B (Jiang et al., arXiv 2310.06825): LLaMA, but each layer sees only the last `window` tokens. Information
 * from older tokens still arrives, because the layers below have seen `window` tokens further back.
 *
 *     x = embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))      over the last `window` tokens
 *         x = x + swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W_logits
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { readWindow } from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import { type LlamaConfig, llamaAttention, readLlamaConfig, writeLlama } from './llama';

export interface MistralConfig extends LlamaConfig {
  readonly window: number | undefined;
}

export function writeMistral(g: DecoderGraph, config: MistralConfig): void {
  const { window } = config;
  writeLlama(g, config, {
    attention: (g, x, layer, tables) => llamaAttention(g, x, layer, tables, { window }),
  });
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readMistralConfig(json: JsonFile): MistralConfig {
  if (json.has('layer_types'))
    throw json.wrong('layer_types', 'a list', 'none: the layers of Mistral are alike');
  return { ...readLlamaConfig(json), window: readWindow(json, 4096) };
}
