import { describe, expect, it } from 'vitest';
import { readGemmaConfig } from '../../../src/model/architectures/gemma';
import { readGemma2Config } from '../../../src/model/architectures/gemma2';
import { readGemma3Config } from '../../../src/model/architectures/gemma3';
import { configChecks, smallestLlama } from './config-checks';

const smallest = { ...smallestLlama, head_dim: 32 };
const smallest2 = { ...smallest, query_pre_attn_scalar: 16, sliding_window: 8 };
const [full, sliding] = ['full_attention', 'sliding_attention'];

describe.each([
  ['Gemma', configChecks(readGemmaConfig, smallest)],
  ['Gemma 2', configChecks(readGemma2Config, smallest2)],
  ['Gemma 3', configChecks(readGemma3Config, smallest2)],
])('%s', (_, { read, checkRefused }) => {
  it('ties its output matrix by default', () => {
    expect(read({})).toMatchObject({ headDim: 32, normEpsilon: 1e-6, tiedOutput: true });
  });

  it.each([
    [{ head_dim: undefined }, 'head_dim', 'found nothing'],
    [{ hidden_activation: 'silu' }, 'hidden_activation', 'found "silu"'],
    [{ attention_bias: true }, 'attention_bias', 'expected false'],
    [{ use_bidirectional_attention: true }, 'use_bidirectional_attention', 'expected false'],
  ])('refuses %j', (fields, field, problem) => {
    checkRefused(fields, field, problem);
  });
});

describe('Gemma', () => {
  const { read, checkRefused } = configChecks(readGemmaConfig, smallest);

  it('accepts the gelu of its first files', () => {
    expect(read({ hidden_act: 'gelu', hidden_activation: null }).feedForward).toBe(176);
  });

  it('refuses another activation', () => {
    checkRefused({ hidden_act: 'silu' }, 'hidden_act', 'found "silu"');
  });
});

describe('Gemma 2', () => {
  const { read, checkRefused } = configChecks(readGemma2Config, smallest2);

  it.each([
    [{}, { windows: [8, undefined, 8], scoreScale: 0.25, scoreSoftCap: 50, logitSoftCap: 30 }],
    [{ layer_types: [full, sliding, full] }, { windows: [undefined, 8, undefined] }],
    [
      { attn_logit_softcapping: 5, final_logit_softcapping: null },
      { scoreSoftCap: 5, logitSoftCap: undefined },
    ],
  ])('reads %j as %j', (fields, expected) => {
    expect(read(fields)).toMatchObject(expected);
  });

  it.each([
    [{ query_pre_attn_scalar: undefined }, 'query_pre_attn_scalar', 'found nothing'],
    [{ sliding_window: undefined }, 'sliding_window', 'found nothing'],
    [{ final_logit_softcapping: 0 }, 'final_logit_softcapping', 'found 0'],
    [{ layer_types: [full] }, 'layer_types', 'found 1, expected 3 names'],
  ])('refuses %j', (fields, field, problem) => {
    checkRefused(fields, field, problem);
  });
});

describe('Gemma 3', () => {
  const { read, checkRefused } = configChecks(readGemma3Config, smallest2);
  const plain = { dims: 32, scaling: { rule: 'default' } };

  it('has a window in five of six layers and no soft cap by default', () => {
    const { windows, logitSoftCap, rotary } = read({ num_hidden_layers: 7 });
    expect(windows).toEqual([8, 8, 8, 8, 8, undefined, 8]);
    expect(logitSoftCap).toBeUndefined();
    expect(rotary).toMatchObject({ global: { ...plain, base: 1e6 }, local: { ...plain, base: 10_000 } });
  });

  it.each([
    [
      'as transformers 5 writes them',
      {
        rope_parameters: {
          full_attention: { rope_type: 'linear', factor: 8, rope_theta: 5e5 },
          sliding_attention: { rope_type: 'default', rope_theta: 500 },
        },
      },
    ],
    [
      'as they were before',
      { rope_theta: 5e5, rope_local_base_freq: 500, rope_scaling: { rope_type: 'linear', factor: 8 } },
    ],
  ])('finds both rotary positions %s', (_, fields) => {
    expect(read(fields).rotary).toMatchObject({
      global: { base: 5e5, scaling: { rule: 'linear', factor: 8 } },
      local: { base: 500, scaling: { rule: 'default' } },
    });
  });

  it('reads the pattern of windows in its older files', () => {
    expect(read({ sliding_window_pattern: 2 }).windows).toEqual([8, undefined, 8]);
  });

  it.each([
    [{ attn_logit_softcapping: 50 }, 'attn_logit_softcapping', 'found 50, expected null'],
    [{ rope_parameters: { rope_theta: 5 } }, 'rope_parameters.rope_theta', 'full_attention and sliding'],
    [{ rope_parameters: {}, rope_scaling: {} }, 'rope_scaling', 'expected none beside rope_parameters'],
  ])('refuses %j', (fields, field, problem) => {
    checkRefused(fields, field, problem);
  });
});
