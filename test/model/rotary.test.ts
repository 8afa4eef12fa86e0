import { describe, expect, it } from 'vitest';
import { readRotary } from '../../src/model/read-rotary';
import { scaledFrequencies } from '../../src/model/rotary';
import { configChecks } from './architectures/config-checks';

const { read, checkRefused } = configChecks(
  json => readRotary(json, { headDim: 16, contextLength: 128 }),
  {},
);
const partial = configChecks(
  json => readRotary(json, { headDim: 16, contextLength: 128, partial: 0.25 }),
  {},
);

/** Each rule as published checkpoints have it. */
const rules = {
  linear: { rope_type: 'linear', factor: 4 },
  llama3: {
    rope_type: 'llama3',
    factor: 32,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 64,
  },
  yarn: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 32 },
  longrope: {
    rope_type: 'longrope',
    short_factor: [1, 1, 2, 2, 3, 3, 4, 4],
    long_factor: [1, 2, 3, 4, 5, 6, 7, 8],
    original_max_position_embeddings: 32,
  },
};

describe('the base', () => {
  it.each([
    ['in rope_parameters', { rope_parameters: { rope_type: 'default', rope_theta: 20_000 } }],
    ['in both, where rope_parameters counts', { rope_theta: 5, rope_parameters: { rope_theta: 20_000 } }],
    ['at the top only', { rope_theta: 20_000, rope_parameters: { rope_type: 'default' } }],
    ['beside an empty scaling', { rope_theta: 20_000, rope_scaling: null }],
    ['beside a scaling without fields', { rope_scaling: {}, rope_parameters: { rope_theta: 20_000 } }],
  ])('is found %s', (_, fields) => {
    expect(read(fields)).toEqual({
      base: 20_000,
      dims: 16,
      scaling: { rule: 'default' },
      contextLength: 128,
    });
  });

  it('is 10,000 if the configuration does not say it', () => {
    expect(read({}).base).toBe(10_000);
  });
});

describe('a scaling rule', () => {
  it.each(['rope_scaling', 'rope_parameters'])('is found in %s', place => {
    expect(read({ [place]: rules.linear }).scaling).toEqual({ rule: 'linear', factor: 4 });
  });

  it('is found by its old name', () => {
    expect(read({ rope_scaling: { type: 'linear', factor: 2 } }).scaling).toEqual({
      rule: 'linear',
      factor: 2,
    });
  });

  it('in rope_scaling counts more than one in rope_parameters', () => {
    expect(read({ rope_scaling: rules.linear, rope_parameters: { rope_type: 'default' } }).scaling.rule).toBe(
      'linear',
    );
  });

  it('dynamic changes nothing within the context', () => {
    expect(read({ rope_scaling: { type: 'dynamic', factor: 2 } }).scaling).toEqual({ rule: 'default' });
  });

  it('llama3 takes the context as the original context if it does not say it', () => {
    const { original_max_position_embeddings: _, ...unsaid } = rules.llama3;
    expect(read({ rope_scaling: unsaid }).scaling).toEqual({
      rule: 'llama3',
      factor: 32,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContext: 128,
    });
  });

  it('yarn has the defaults of its paper', () => {
    expect(read({ rope_scaling: rules.yarn }).scaling).toEqual({
      rule: 'yarn',
      factor: 4,
      attentionFactor: 0.1 * Math.log(4) + 1,
      betaFast: 32,
      betaSlow: 1,
      truncate: true,
      originalContext: 32,
    });
  });

  it.each([
    [{ factor: null }, { factor: 4 }],
    [{ attention_factor: 0.5 }, { attentionFactor: 0.5 }],
    [{ mscale: 2, mscale_all_dim: 2 }, { attentionFactor: 1 }],
    [{ mscale: 2 }, { attentionFactor: 0.1 * Math.log(4) + 1 }],
    [
      { beta_fast: 16, beta_slow: 2, truncate: false },
      { betaFast: 16, betaSlow: 2, truncate: false },
    ],
  ])('yarn with %j is %j', (fields, expected) => {
    expect(read({ rope_scaling: { ...rules.yarn, ...fields } }).scaling).toMatchObject(expected);
  });

  it('longrope ends where its long factors would begin', () => {
    const { scaling, contextLength } = read({ rope_scaling: rules.longrope });
    expect(scaling).toEqual({
      rule: 'longrope',
      factors: rules.longrope.short_factor,
      attentionFactor: Math.sqrt(1 + Math.log(4) / Math.log(32)),
    });
    expect(contextLength).toBe(32);
  });

  it('may have its original context outside the rule', () => {
    const { original_max_position_embeddings, ...inside } = rules.longrope;
    expect(read({ original_max_position_embeddings, rope_scaling: inside }).contextLength).toBe(32);
  });
});

describe('partly turned heads', () => {
  it.each([
    ['without a field', {}, 4],
    ['at the top', { partial_rotary_factor: 0.5 }, 8],
    ['in rope_parameters', { rope_parameters: { partial_rotary_factor: 0.75 } }, 12],
    ['in both', { partial_rotary_factor: 0.25, rope_parameters: { partial_rotary_factor: 1 } }, 16],
  ])('are found %s', (_, fields, dims) => {
    expect(partial.read(fields).dims).toBe(dims);
  });

  it.each([0.05, 0.2, 1.5])('are refused for a share of %d', share => {
    partial.checkRefused(
      { partial_rotary_factor: share },
      'partial_rotary_factor',
      'an even share of a head of 16',
    );
  });

  it('are refused if the architecture has none', () => {
    checkRefused({ partial_rotary_factor: 0.5 }, 'partial_rotary_factor', 'found 0.5, expected 1');
  });
});

describe('refuses', () => {
  it.each([
    [{ type: 'mrope' }, 'type', 'found "mrope"'],
    [{ rope_type: 'proportional' }, 'rope_type', 'found "proportional"'],
    [{ rope_type: 'linear' }, 'factor', 'found nothing'],
    [{ rope_type: 'linear', factor: 0.5 }, 'factor', 'found 0.5'],
    [{ ...rules.llama3, high_freq_factor: 1 }, 'high_freq_factor', 'found 1, expected more than 1'],
    [{ ...rules.llama3, low_freq_factor: undefined }, 'low_freq_factor', 'found nothing'],
    [{ ...rules.yarn, original_max_position_embeddings: 0 }, 'original_max_position_embeddings', 'found 0'],
    [{ ...rules.longrope, short_factor: [1, 2] }, 'short_factor', 'found 2, expected 8 numbers'],
    [{ ...rules.longrope, short_factor: [1, 1, 1, 1, 1, 1, 1, 0] }, 'short_factor', 'positive numbers'],
    [{ rope_type: 'linear', factor: 2, alpha: 3 }, 'alpha', 'expected only the fields'],
    [{ full_attention: { rope_type: 'default' } }, 'full_attention', 'expected only the fields'],
  ])('%j', (rule, field, problem) => {
    checkRefused({ rope_scaling: rule }, `rope_scaling.${field}`, problem);
  });

  it('two original contexts that differ', () => {
    checkRefused(
      { original_max_position_embeddings: 64, rope_scaling: rules.longrope },
      'rope_scaling.original_max_position_embeddings',
      'found 32, expected 64',
    );
  });
});

describe('frequencies', () => {
  it('fall from one by equal ratios', () => {
    expect(scaledFrequencies(100, 4, { rule: 'default' })).toEqual([1, 0.1]);
  });

  it('of llama3 keep short waves and stretch long ones', () => {
    const { scaling } = read({ rope_scaling: rules.llama3 });
    const [first, ...others] = scaledFrequencies(10_000, 16, scaling);
    expect(first).toBe(1);
    expect(others.at(-1)).toBeCloseTo(10_000 ** (-7 / 8) / 32, 12);
  });
});
