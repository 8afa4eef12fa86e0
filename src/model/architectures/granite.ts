/**
 * Granite 3 (IBM, github.com/ibm-granite/granite-3.0-language-models): LLaMA with four multipliers. With them the best
 * learning rate is the same for every size of the model (Yang et al., "Tensor Programs V", arXiv 2203.03466).
 *
 *     x = m_embedding * embed(ids)
 *     for each layer:
 *         x = x + m_residual * attention(rmsNorm(x))      scores are m_attention * Q K^T, without 1 / sqrt(headDim)
 *         x = x + m_residual * swiGlu(rmsNorm(x))
 *     logits = rmsNorm(x) W_logits / m_logits
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { embed, keepWanted, outputLogits, residual, rmsNorm, scaleBy } from '../blocks';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { rotaryTables } from '../rotary';
import { type LlamaConfig, llamaAttention, outputProjection, readLlamaConfig, swiGlu } from './llama';

export interface GraniteConfig extends LlamaConfig {
  readonly multipliers: {
    readonly embedding: number;
    readonly attention: number;
    readonly residual: number;
    readonly logits: number;
  };
}

/** @param options what a similar architecture has in place of Granite's own blocks */
export function writeGranite(
  g: DecoderGraph,
  config: GraniteConfig,
  {
    feedForward = (g, x, layer) => swiGlu(g, x, layer, config),
    hasPositions = true,
  }: {
    readonly feedForward?: (g: DecoderGraph, x: Value, layer: number) => Value;
    readonly hasPositions?: boolean;
  } = {},
): void {
  const { normEpsilon, multipliers } = config;
  const scale = multipliers.attention;
  const tables = hasPositions ? rotaryTables(g, config.rotary) : undefined;
  let x = scaleBy(g, embed(g, 'model.embed_tokens.weight'), multipliers.embedding);
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const attentionInput = rmsNorm(g, x, `${name}.input_layernorm`, normEpsilon);
    const attended = llamaAttention(g, attentionInput, layer, tables, { scale });
    x = residual(g, keepWanted(g, x, layer), scaleBy(g, attended, multipliers.residual));
    const feedForwardInput = rmsNorm(g, x, `${name}.post_attention_layernorm`, normEpsilon);
    const fed = feedForward(g, feedForwardInput, layer);
    x = residual(g, x, scaleBy(g, fed, multipliers.residual));
  }
  const logits = outputProjection(g, rmsNorm(g, x, 'model.norm', normEpsilon), config);
  outputLogits(g, scaleBy(g, logits, 1 / multipliers.logits));
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGraniteConfig(json: JsonFile, feedForwardField?: string): GraniteConfig {
  const multiplier = (field: string) => json.number(field, { min: 1e-6, max: 1e6, fallback: 1 });
  return {
    ...readLlamaConfig(json, feedForwardField),
    multipliers: {
      embedding: multiplier('embedding_multiplier'),
      attention: multiplier('attention_multiplier'),
      residual: multiplier('residual_multiplier'),
      logits: multiplier('logits_scaling'),
    },
  };
}
