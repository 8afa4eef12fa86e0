/**
 * Gemma (Gemma Team, arXiv 2403.08295): LLaMA with three changes. The embedding is scaled up by `sqrt(width)`. The
 * norms store their weights as `w - 1`. The feed-forward block has GELU in place of SiLU.
 *
 *     x = sqrt(width) embed(ids)
 *     for each layer:
 *         x = x + attention(rmsNorm(x))
 *         x = x + geGlu(rmsNorm(x))
 *     logits = rmsNorm(x) E^T                the output matrix is the embedding table E
 *
 *     geGlu(x) = (gelu(x W_gate) * (x W_up)) W_down
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { gatedFeedForward, geluTanh, rmsNormBy } from '../blocks';
import {
  readDecoderShape,
  readFeedForward,
  readNormEpsilon,
  readRotaryShape,
  requireSwitches,
} from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { type LlamaConfig, writeLlama } from './llama';

export type GemmaConfig = LlamaConfig;

export function writeGemma(g: DecoderGraph, config: GemmaConfig): void {
  writeLlama(g, config, {
    embeddingScale: Math.sqrt(config.width),
    norm: gemmaNorm,
    feedForward: (g, x, layer) => geGlu(g, x, layer, config),
  });
}

/** RMS norm with the weights `1 + NAME.weight`. */
export function gemmaNorm(g: DecoderGraph, x: Value, name: string, epsilon: number): Value {
  return rmsNormBy(g, x, g.tensorPlus(`${name}.weight`, [g.shape.width], 1), epsilon);
}

/** The gated feed-forward block with GELU: `(gelu(x W_gate) * (x W_up)) W_down`. */
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
  // The first published files say `gelu` and mean the tanh approximation. transformers reads them in this way.
  json.string('hidden_act', {
    oneOf: ['gelu_pytorch_tanh', 'gelu_new', 'gelu'],
    fallback: 'gelu_pytorch_tanh',
  });
  return { ...readGemmaSizes(json), ...readRotaryShape(json) };
}

/** The fields that all Gemma models share. */
export function readGemmaSizes(json: JsonFile): Omit<GemmaConfig, 'rotary'> {
  json.integer('head_dim'); // required: heads are not width / heads wide, so no default would be right
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
