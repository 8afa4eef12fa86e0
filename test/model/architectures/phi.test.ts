import { describe, expect, it } from 'vitest';
import { readPhiConfig } from '../../../src/model/architectures/phi';
import { readPhi3Config } from '../../../src/model/architectures/phi3';
import { configChecks, smallestLlama } from './config-checks';

describe('Phi', () => {
  const { read, checkRefused } = configChecks(readPhiConfig, smallestLlama);

  it.each([
    [{}, { normEpsilon: 1e-5, rotary: { dims: 8 } }],
    [
      { partial_rotary_factor: 0.25, layer_norm_eps: 1e-6 },
      { normEpsilon: 1e-6, rotary: { dims: 4 } },
    ],
    [{ rope_parameters: { partial_rotary_factor: 0.25 } }, { rotary: { dims: 4 } }],
  ])('reads %j as %j', (fields, expected) => {
    expect(read(fields)).toMatchObject(expected);
  });

  it.each([
    [{ qk_layernorm: true }, 'qk_layernorm', 'expected false'],
    [{ tie_word_embeddings: true }, 'tie_word_embeddings', 'expected false'],
    [{ hidden_act: 'gelu' }, 'hidden_act', 'found "gelu"'],
  ])('refuses %j', (fields, field, problem) => {
    checkRefused(fields, field, problem);
  });
});

describe('Phi-3', () => {
  const { read, checkRefused } = configChecks(readPhi3Config, smallestLlama);
  const longrope = { type: 'longrope', short_factor: Array(8).fill(1.5), long_factor: Array(8).fill(4) };

  it.each([
    [{}, { window: undefined, normEpsilon: 1e-5, tiedOutput: false, rotary: { dims: 16 } }],
    [
      { sliding_window: 8, partial_rotary_factor: 0.75 },
      { window: 8, rotary: { dims: 12 } },
    ],
    [
      { original_max_position_embeddings: 64, rope_scaling: longrope },
      { contextLength: 64, rotary: { scaling: { rule: 'longrope' } } },
    ],
    [
      { original_max_position_embeddings: 64, rope_scaling: { ...longrope, type: 'su' } },
      { contextLength: 64 },
    ],
    [{ original_max_position_embeddings: 64, rope_scaling: null }, { contextLength: 128 }],
  ])('reads %j as %j', (fields, expected) => {
    expect(read(fields)).toMatchObject(expected);
  });

  it.each([
    [{ rope_scaling: longrope }, 'original_max_position_embeddings', 'found nothing'],
    [{ rope_scaling: { type: 'linear', factor: 2 } }, 'rope_scaling', 'found "linear", expected longrope'],
    [{ rope_scaling: { type: 'yarn', factor: 2 } }, 'rope_scaling', 'found "yarn"'],
    [{ hidden_act: 'gelu' }, 'hidden_act', 'found "gelu"'],
  ])('refuses %j', (fields, field, problem) => {
    checkRefused(fields, field, problem);
  });
});
