/**
 * Gemma 2 (Gemma Team, arXiv 2408.00118): Gemma with a norm after each block, too. Layers alternate: one sees only the
 * last `window` tokens, the next sees all. A tanh keeps scores and logits within bounds.
 *
 *     x = sqrt(width) embed(ids)
 *     for each layer:
 *         x = x + rmsNorm(attention(rmsNorm(x)))      softmax(softCap(Q K^T * scale) + mask) V
 *         x = x + rmsNorm(geGlu(rmsNorm(x)))
 *     logits = softCap(rmsNorm(x) E^T)
 *
 *     softCap(s) = cap * tanh(s / cap)
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { embed, keepWanted, outputLogits, residual, scaleBy } from '../blocks';
import { type LayerWindows, readLayerWindows, readRotaryShape } from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { rotaryTables } from '../rotary';
import { type GemmaConfig, geGlu, gemmaNorm, readGemmaSizes } from './gemma';
import { llamaAttention, outputProjection } from './llama';

export interface Gemma2Config extends GemmaConfig {
  readonly windows: LayerWindows;
  /** The factor of the scores instead of `1 / sqrt(headDim)`. */
  readonly scoreScale: number;
  readonly scoreSoftCap: number | undefined;
  readonly logitSoftCap: number | undefined;
}

export function writeGemma2(g: DecoderGraph, config: Gemma2Config): void {
  const { windows, scoreScale: scale, scoreSoftCap: softCap } = config;
  const tables = rotaryTables(g, config.rotary);
  writeGemma2Layers(g, config, (x, layer) =>
    llamaAttention(g, x, layer, tables, { scale, softCap, window: windows[layer] }),
  );
}

/** The whole decoder except its attention, which is different in Gemma 3. */
export function writeGemma2Layers(
  g: DecoderGraph,
  config: Omit<Gemma2Config, 'rotary'>,
  attention: (x: Value, layer: number) => Value,
): void {
  const norm = (x: Value, name: string) => gemmaNorm(g, x, name, config.normEpsilon);
  let x = scaleBy(g, embed(g, 'model.embed_tokens.weight'), Math.sqrt(config.width));
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const attended = attention(norm(x, `${name}.input_layernorm`), layer);
    x = residual(g, keepWanted(g, x, layer), norm(attended, `${name}.post_attention_layernorm`));
    const fed = geGlu(g, norm(x, `${name}.pre_feedforward_layernorm`), layer, config);
    x = residual(g, x, norm(fed, `${name}.post_feedforward_layernorm`));
  }
  const logits = outputProjection(g, norm(x, 'model.norm'), config);
  outputLogits(g, softCapped(g, logits, config.logitSoftCap));
}

function softCapped(g: DecoderGraph, x: Value, cap: number | undefined): Value {
  return cap === undefined ? x : scaleBy(g, g.builder.op('Tanh', [scaleBy(g, x, 1 / cap)]), cap);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGemma2Config(json: JsonFile): Gemma2Config {
  const sizes = readGemmaSizes(json);
  return {
    ...sizes,
    ...readRotaryShape(json),
    windows: readLayerWindows(json, sizes.layers, layer => layer % 2 === 0),
    scoreScale: readScoreScale(json),
    scoreSoftCap: readSoftCap(json, 'attn_logit_softcapping', 50),
    logitSoftCap: readSoftCap(json, 'final_logit_softcapping', 30),
  };
}

/** `1 / sqrt(query_pre_attn_scalar)`. In the 27B model this number is not the width of a head. */
export function readScoreScale(json: JsonFile): number {
  return json.number('query_pre_attn_scalar', { min: 1e-3 }) ** -0.5;
}

/** @param fallback the cap if the field is absent. Null always means no cap */
export function readSoftCap(json: JsonFile, field: string, fallback?: number): number | undefined {
  if (!json.has(field)) return json.isNull(field) ? undefined : fallback;
  return json.number(field, { min: 1e-3 });
}
