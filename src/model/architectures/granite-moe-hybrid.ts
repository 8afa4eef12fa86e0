/**
 * Granite 4 (IBM, github.com/ibm-granite/granite-4.0-language-models), the models that have attention in every layer.
 * The architecture also allows Mamba layers and experts; such models are refused.
 *
 *     Granite 3, but one matrix gives gate and up, and some models have no positions:
 *         x = x + m_residual * swiGlu(rmsNorm(x))         gate, up = split(x W_in)
 */
import { isString, type JsonFile } from '../../checkpoint/json-file';
import { joinedFeedForward, silu } from '../blocks';
import type { DecoderGraph } from '../decoder-graph';
import { type GraniteConfig, readGraniteConfig, writeGranite } from './granite';

export interface GraniteMoeHybridConfig extends GraniteConfig {
  /** Whether queries and keys are turned by their position. */
  readonly hasPositions: boolean;
}

export function writeGraniteMoeHybrid(g: DecoderGraph, config: GraniteMoeHybridConfig): void {
  writeGranite(g, config, {
    hasPositions: config.hasPositions,
    feedForward: (g, x, layer) => {
      const name = `model.layers.${layer}.shared_mlp`;
      return joinedFeedForward(
        g,
        x,
        [`${name}.input_linear`, `${name}.output_linear`],
        config.feedForward,
        silu,
      );
    },
  });
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGraniteMoeHybridConfig(json: JsonFile): GraniteMoeHybridConfig {
  // If the field is absent, transformers takes 8.
  const experts = json.integer('num_local_experts', { min: 0, fallback: 8 });
  if (experts > 0) throw json.wrong('num_local_experts', experts, '0: experts are not supported');
  requireAttention(json);
  const position = json.has('position_embedding_type') ? json.string('position_embedding_type') : 'nope';
  if (position !== 'rope' && position !== 'nope')
    throw json.wrong('position_embedding_type', position, 'rope or none');
  return {
    ...readGraniteConfig(json, 'shared_intermediate_size'),
    hasPositions: position === 'rope',
  };
}

/** If the field is absent, transformers takes Mamba for every layer. */
function requireAttention(json: JsonFile): void {
  const field = json.has('layers_block_type') ? 'layers_block_type' : 'layer_types';
  const layers = json.array(field, isString, 'the type of each layer');
  const other = layers.find(type => type !== 'attention' && type !== 'full_attention');
  if (other !== undefined)
    throw json.wrong(field, other, 'attention in every layer: Mamba layers are not supported');
  const count = json.integer('num_hidden_layers', { max: 1024 });
  if (layers.length !== count) throw json.wrong(field, layers.length, `${count} types, one for each layer`);
}
