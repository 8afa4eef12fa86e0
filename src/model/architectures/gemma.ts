/**
 * Gemma (Gemma Team, arXiv 2403.08295): LLaMA with the embedding scaled up to the size of what is added to it, norms
 * whose stored weights are `w - 1`, and GELU in place of SiLU.
 *
 *     x = sqrt(width) embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))      queries and keys turned by their position
 *         x = x + geGlu(rmsNorm(x))
 *     logits = rmsNorm(x) E^T
 */
import type { JsonFile } from '../../checkpoint/json-file';
import {
  asking,
  embed,
  gatedFeedForward,
  geluTanh,
  outputLogits,
  residual,
  rmsNormBy,
  scaleBy,
} from '../blocks';
import {
  readDecoderShape,
  readFeedForward,
  readNormEpsilon,
  readRotaryShape,
  requireSwitches,
} from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { rotaryTables } from '../rotary';
import { type LlamaConfig, llamaAttention, outputProjection } from './llama';

export type GemmaConfig = LlamaConfig;

export function writeGemma(g: DecoderGraph, config: GemmaConfig): void {
  const angles = rotaryTables(g, config.rotary);
  let x = embedScaled(g);
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const first = gemmaNorm(g, x, `${name}.input_layernorm`, config.normEpsilon);
    x = residual(g, asking(g, x, layer), llamaAttention(g, first, layer, angles));
    const second = gemmaNorm(g, x, `${name}.post_attention_layernorm`, config.normEpsilon);
    x = residual(g, x, geGlu(g, second, layer, config));
  }
  outputLogits(g, outputProjection(g, gemmaNorm(g, x, 'model.norm', config.normEpsilon), config));
}

export function embedScaled(g: DecoderGraph): Value {
  return scaleBy(g, embed(g, 'model.embed_tokens.weight'), Math.sqrt(g.shape.width));
}

/** RMS norm by `1 + NAME.weight`. */
export function gemmaNorm(g: DecoderGraph, x: Value, name: string, epsilon: number): Value {
  return rmsNormBy(g, x, g.tensorPlus(`${name}.weight`, [g.shape.width], 1), epsilon);
}

export function geGlu(
  g: DecoderGraph,
  x: Value,
  layer: number,
  { feedForward }: { readonly feedForward: number },
): Value {
  return gatedFeedForward(g, x, `model.layers.${layer}.mlp`, feedForward, geluTanh);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGemmaConfig(json: JsonFile): GemmaConfig {
  // The first files said `gelu` and meant the approximation; transformers reads them so.
  json.string('hidden_act', {
    oneOf: ['gelu_pytorch_tanh', 'gelu_new', 'gelu'],
    fallback: 'gelu_pytorch_tanh',
  });
  return { ...readGemmaSizes(json), ...readRotaryShape(json) };
}

/** What all Gemmas have. */
export function readGemmaSizes(json: JsonFile): Omit<GemmaConfig, 'rotary'> {
  json.integer('head_dim'); // wider than its share of the width: there is nothing to guess from
  json.string('hidden_activation', {
    oneOf: ['gelu_pytorch_tanh', 'gelu_new'],
    fallback: 'gelu_pytorch_tanh',
  });
  requireSwitches(json, { attention_bias: false }, 'Gemma has no biases');
  requireSwitches(json, { use_bidirectional_attention: false }, 'a decoder sees no future');
  return {
    ...readDecoderShape(json),
    feedForward: readFeedForward(json),
    normEpsilon: readNormEpsilon(json, 'rms_norm_eps', 1e-6),
    tiedOutput: json.boolean('tie_word_embeddings', true),
  };
}
