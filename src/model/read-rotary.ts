/** Reads the rotary positions of a configuration. Versions of transformers write them in different places. */
import { isNumber, type JsonFile } from '../checkpoint/json-file';
import type { Rotary, RotaryScaling } from './rotary';

export interface RotaryFields {
  readonly headDim: number;
  readonly contextLength: number;
  /** The share of a head that is turned by default. Absent if the architecture turns whole heads only. */
  readonly partial?: number;
  /** The base by default. Absent for 10,000. */
  readonly base?: number;
  /** Older names that an architecture has for these two, outside `rope_parameters`. */
  readonly names?: { readonly partial?: string; readonly base?: string };
}

/**
 * No more tokens are used, whatever the model states: the graph has a row of numbers for each position, and at this length
 * the rows take up to 67 MB. The settings allow prompts of 16,384 tokens.
 */
export const maxPositions = 131_072;

/**
 * The rotary positions, and the number of tokens that they are good for. transformers 5 keeps all of it in
 * `rope_parameters`. Before, the rule was in `rope_scaling` and the other fields stood at the top.
 *
 * @throws ModelFileError for an unknown rule, or an unknown field of a rule
 */
export function readRotary(
  json: JsonFile,
  fields: RotaryFields,
): Rotary & { readonly contextLength: number } {
  // If both are there, transformers uses `rope_scaling`.
  const places = ['rope_scaling', 'rope_parameters'];
  const place = places.find(field => json.has(field) && json.object(field).keys().length > 0);
  return readRotaryRule(json, place === undefined ? undefined : json.object(place), fields);
}

/** @param rule the object inside `json` that holds the rule, such as `rope_parameters`. Undefined if there is none */
export function readRotaryRule(
  json: JsonFile,
  rule: JsonFile | undefined,
  { headDim, contextLength, partial, base = 10_000, names = {} }: RotaryFields,
): Rotary & { readonly contextLength: number } {
  for (const field of rule?.keys() ?? [])
    if (!ruleFields.has(field) && rule!.has(field))
      throw rule!.wrong(field, true, `only the fields ${[...ruleFields].join(', ')}`);
  const either = (inside: string, outside: string, min: number, fallback: number) => {
    const outer = json.number(outside, { min, fallback });
    return rule?.number(inside, { min, fallback: outer }) ?? outer;
  };
  const shareField = names.partial ?? 'partial_rotary_factor';
  const share = either('partial_rotary_factor', shareField, 0, partial ?? 1);
  const dims = Math.floor(headDim * share);
  if (partial === undefined && share !== 1)
    throw json.wrong(shareField, share, '1: this architecture turns whole heads');
  if (dims < 2 || dims > headDim || dims % 2 !== 0)
    throw json.wrong(shareField, share, `an even share of a head of ${headDim}`);
  const { scaling, goodFor } = readScaling(json, rule, dims, contextLength);
  return {
    base: either('rope_theta', names.base ?? 'rope_theta', 1, base),
    dims,
    scaling,
    contextLength: Math.min(contextLength, goodFor, maxPositions),
  };
}

const ruleFields: ReadonlySet<string> = new Set([
  'rope_type',
  'type',
  'rope_theta',
  'partial_rotary_factor',
  'factor',
  'original_max_position_embeddings',
  'low_freq_factor',
  'high_freq_factor',
  'attention_factor',
  'beta_fast',
  'beta_slow',
  'mscale',
  'mscale_all_dim',
  'truncate',
  'short_factor',
  'long_factor',
  'finetuned', // in older YaRN checkpoints; changes nothing
]);

function readScaling(
  json: JsonFile,
  rule: JsonFile | undefined,
  dims: number,
  contextLength: number,
): { scaling: RotaryScaling; goodFor: number } {
  const everywhere = { goodFor: contextLength };
  if (rule === undefined) return { scaling: { rule: 'default' }, ...everywhere };
  const type = rule.string(rule.has('rope_type') ? 'rope_type' : 'type', {
    oneOf: ['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope', 'su'],
    fallback: 'default',
  });
  const factor = () => rule.number('factor', { min: 1, max: 1e6 });
  switch (type) {
    case 'default':
    // `dynamic` changes nothing up to max_position_embeddings, and we use no longer context.
    case 'dynamic':
      return { scaling: { rule: 'default' }, ...everywhere };
    case 'linear':
      return { scaling: { rule: 'linear', factor: factor() }, ...everywhere };
    case 'llama3': {
      const lowFrequencyFactor = rule.number('low_freq_factor', { min: 0 });
      const highFrequencyFactor = rule.number('high_freq_factor', { min: 0 });
      if (highFrequencyFactor <= lowFrequencyFactor)
        throw rule.wrong('high_freq_factor', highFrequencyFactor, `more than ${lowFrequencyFactor}`);
      const originalContext = readOriginalContext(json, rule, contextLength);
      const scaling = {
        rule: type,
        factor: factor(),
        lowFrequencyFactor,
        highFrequencyFactor,
        originalContext,
      };
      return { scaling, ...everywhere };
    }
    case 'yarn': {
      const originalContext = readOriginalContext(json, rule, contextLength);
      const factor = rule.number('factor', { min: 1, max: 1e6, fallback: contextLength / originalContext });
      const scaling = {
        rule: type,
        factor,
        attentionFactor: readYarnAttentionFactor(rule, factor),
        betaFast: rule.number('beta_fast', { min: 0, fallback: 0 }) || 32,
        betaSlow: rule.number('beta_slow', { min: 0, fallback: 0 }) || 1,
        truncate: rule.boolean('truncate', true),
        originalContext,
      };
      return { scaling, ...everywhere };
    }
    case 'longrope':
    case 'su': {
      const goodFor = readOriginalContext(json, rule, contextLength);
      const factor = rule.number('factor', { min: 0, fallback: contextLength / goodFor });
      const fromPaper = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(goodFor));
      const factors = rule.array('short_factor', isPositive, 'positive numbers');
      if (factors.length !== dims / 2)
        throw rule.wrong('short_factor', factors.length, `${dims / 2} numbers, one for each pair`);
      const attentionFactor = rule.number('attention_factor', { min: 0, fallback: fromPaper });
      // Beyond this length the long factors apply. They would turn the cached rows by other angles, so we stop here.
      return { scaling: { rule: 'longrope', factors, attentionFactor }, goodFor };
    }
  }
}

const isPositive = (value: unknown): value is number => isNumber(value) && value > 0;

function readOriginalContext(json: JsonFile, rule: JsonFile, contextLength: number): number {
  const field = 'original_max_position_embeddings';
  const outside = json.has(field) ? json.integer(field) : undefined;
  const inside = rule.has(field) ? rule.integer(field) : undefined;
  if (outside !== undefined && inside !== undefined && outside !== inside)
    throw rule.wrong(field, inside, `${outside}, as it says outside`);
  return outside ?? inside ?? contextLength;
}

/** `0.1 ln(s) + 1` of the YaRN paper, for the factor `s`. Two fields of later models scale it. */
function readYarnAttentionFactor(rule: JsonFile, factor: number): number {
  const ofScale = (scale: number) => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  const scale = rule.number('mscale', { min: 0, fallback: 0 });
  const scaleAll = rule.number('mscale_all_dim', { min: 0, fallback: 0 });
  const inferred = scale && scaleAll ? ofScale(scale) / ofScale(scaleAll) : ofScale(1);
  return rule.number('attention_factor', { min: 0, fallback: inferred });
}
