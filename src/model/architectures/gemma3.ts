/**
 * Gemma 3 (Gemma Team, arXiv 2503.19786), the text models: Gemma 2, but each head of the queries and keys is
 * normalised, and the scores have no soft cap. Five of six layers see only the last `window` tokens. These layers have
 * rotary positions with a smaller base, which turn faster.
 *
 *     x = sqrt(width) embed(ids)
 *     for each layer:
 *         x = x + rmsNorm(attention(rmsNorm(x)))      Q, K = turned(rmsNorm(x W_q)), turned(rmsNorm(x W_k)), for each head
 *         x = x + rmsNorm(geGlu(rmsNorm(x)))
 *     logits = rmsNorm(x) E^T
 */
import type { JsonFile } from '../../checkpoint/json-file';
import { causalSelfAttention, linear, projectHeads, rmsNormHeads, rotateHeads } from '../blocks';
import { readLayerWindows } from '../decoder-fields';
import type { DecoderGraph } from '../decoder-graph';
import type { Value } from '../onnx-file/graph-builder';
import { readRotaryRule } from '../read-rotary';
import { type Rotary, type RotaryTables, rotaryTables } from '../rotary';
import { readGemmaSizes } from './gemma';
import { type Gemma2Config, readScoreScale, readSoftCap, writeGemma2Layers } from './gemma2';

export interface Gemma3Config extends Omit<Gemma2Config, 'rotary' | 'scoreSoftCap'> {
  readonly rotary: { readonly global: Rotary; readonly local: Rotary };
}

export function writeGemma3(g: DecoderGraph, config: Gemma3Config): void {
  const global = rotaryTables(g, config.rotary.global, { name: 'rotary.global' });
  const local = rotaryTables(g, config.rotary.local, { name: 'rotary.local' });
  writeGemma2Layers(g, { ...config, scoreSoftCap: undefined }, (x, layer) =>
    attention(g, x, layer, config, config.windows[layer] === undefined ? global : local),
  );
}

function attention(
  g: DecoderGraph,
  x: Value,
  layer: number,
  { width, heads, headDim, normEpsilon, scoreScale: scale, windows }: Gemma3Config,
  tables: RotaryTables,
): Value {
  const name = `model.layers.${layer}.self_attn`;
  const normed = rmsNormHeads(g, projectHeads(g, x, name), name, normEpsilon, { addend: 1 });
  const turned = rotateHeads(g, normed, tables);
  const mixed = causalSelfAttention(g, layer, turned, { scale, window: windows[layer] });
  return linear(g, mixed, `${name}.o_proj`, width, heads * headDim);
}

/** @throws ModelFileError for a field that is missing, absurd, or that this graph does not implement */
export function readGemma3Config(json: JsonFile): Gemma3Config {
  const sizes = readGemmaSizes(json);
  const cap = readSoftCap(json, 'attn_logit_softcapping');
  if (cap !== undefined) throw json.wrong('attn_logit_softcapping', cap, 'null: Gemma 3 has norms instead');
  const { global, local } = readBothRotaries(json, sizes);
  const every = json.integer('sliding_window_pattern', { fallback: 6 });
  return {
    ...sizes,
    contextLength: Math.min(global.contextLength, local.contextLength),
    rotary: { global, local },
    windows: readLayerWindows(json, sizes.layers, layer => (layer + 1) % every !== 0),
    scoreScale: readScoreScale(json),
    logitSoftCap: readSoftCap(json, 'final_logit_softcapping'),
  };
}

/** transformers 5 has a rule for each kind of layer. Before, `rope_scaling` was the rule of the layers that see all. */
function readBothRotaries(
  json: JsonFile,
  { headDim, contextLength }: { headDim: number; contextLength: number },
) {
  const field = 'rope_parameters';
  const rules = json.has(field) ? json.object(field) : undefined;
  for (const kind of rules?.keys() ?? [])
    if (kind !== 'full_attention' && kind !== 'sliding_attention')
      throw rules!.wrong(kind, true, 'full_attention and sliding_attention only');
  if (rules !== undefined && json.has('rope_scaling'))
    throw json.wrong('rope_scaling', 'a rule', `none beside ${field}`);
  const ruleOf = (kind: string) => (rules?.has(kind) ? rules.object(kind) : undefined);
  const scaling = json.has('rope_scaling') ? json.object('rope_scaling') : undefined;
  const fields = { headDim, contextLength };
  return {
    global: readRotaryRule(json, ruleOf('full_attention') ?? scaling, { ...fields, base: 1_000_000 }),
    local: readRotaryRule(json, ruleOf('sliding_attention'), {
      ...fields,
      names: { base: 'rope_local_base_freq' },
    }),
  };
}
