/**
 * GPT-1 (Radford et al., "Improving Language Understanding by Generative Pre-Training", 2018), the first GPT. It is the
 * decoder of "Attention Is All You Need" (Vaswani et al., arXiv 1706.03762) without the attention to an encoder. The
 * norm comes after each residual connection, so there is none before the output.
 *
 *     x = embed(ids) + embedPositions
 *     for each layer:
 *         x = layerNorm(x + attention(x))
 *         x = layerNorm(x + feedForward(x))
 *     logits = x E^T                          the output matrix is the embedding table E
 *
 * `attention` and `feedForward` are those of `gpt2.ts`. The code builds the graph of this figure, which ONNX Runtime runs
 * later.
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { embed, embedPositions, keepWanted, layerNorm, linear, outputLogits, residual } from '../blocks';
import { readGptShape, readNormEpsilon, requireSwitches } from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import { type Gpt2Config, gptAttention, gptFeedForward } from './gpt2';

export type Gpt1Config = Gpt2Config;

export function writeGpt1(g: DecoderGraph, config: Gpt1Config): void {
  // The published checkpoint has no prefix before its names.
  const root = g.weights.has('tokens_embed.weight') ? '' : 'transformer.';
  let x = residual(
    g,
    embed(g, `${root}tokens_embed.weight`),
    embedPositions(g, `${root}positions_embed.weight`),
  );
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `${root}h.${layer}`;
    x = residual(g, keepWanted(g, x, layer), gptAttention(g, x, name, layer));
    x = layerNorm(g, x, `${name}.ln_1`, config.normEpsilon);
    x = residual(g, x, gptFeedForward(g, x, name, config));
    x = layerNorm(g, x, `${name}.ln_2`, config.normEpsilon);
  }
  outputLogits(g, linear(g, x, `${root}tokens_embed`, config.vocabulary, config.width));
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGpt1Config(json: JsonFile): Gpt1Config {
  const shape = readGptShape(json);
  // In this model's configuration `gelu` means the tanh approximation.
  json.string('afn', { oneOf: ['gelu'], fallback: 'gelu' });
  requireSwitches(json, { tie_word_embeddings: true }, 'part of GPT-1');
  return {
    ...shape,
    feedForward: 4 * shape.width,
    normEpsilon: readNormEpsilon(json, 'layer_norm_epsilon', 1e-5),
  };
}
