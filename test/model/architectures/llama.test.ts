import { describe, expect, it } from 'vitest';
import { readLlamaConfig } from '../../../src/model/architectures/llama';
import { configChecks, smallestLlama } from './config-checks';

const { read, checkRefused } = configChecks(readLlamaConfig, smallestLlama);

it('has the defaults of LLaMA 1', () => {
  expect(read({})).toEqual({
    vocabulary: 96,
    layers: 3,
    width: 64,
    heads: 4,
    kvHeads: 4,
    headDim: 16,
    contextLength: 128,
    feedForward: 176,
    normEpsilon: 1e-6,
    rotary: { base: 10_000, dims: 16, scaling: { rule: 'default' } },
    tiedOutput: false,
  });
});

it('reads the fields that are there', () => {
  const said = {
    num_key_value_heads: 2,
    head_dim: 32,
    rms_norm_eps: 1e-5,
    rope_theta: 500_000,
    tie_word_embeddings: true,
    hidden_act: 'silu',
  };
  expect(read(said)).toMatchObject({
    kvHeads: 2,
    headDim: 32,
    normEpsilon: 1e-5,
    rotary: { base: 500_000, dims: 32 },
    tiedOutput: true,
  });
});

describe('refuses', () => {
  it.each(Object.keys(smallestLlama))('a missing %s', field => {
    checkRefused({ [field]: undefined }, field, 'found nothing');
  });

  it.each([
    ['hidden_size', 65_537],
    ['hidden_size', 0],
    ['num_attention_heads', 1025],
    ['num_key_value_heads', 5],
    ['head_dim', 1025],
    ['vocab_size', 1_000_001],
    ['num_hidden_layers', 1025],
    ['max_position_embeddings', 2 ** 24 + 1],
    ['intermediate_size', 262_145],
    ['rms_norm_eps', -1],
    ['rope_theta', 0],
    ['num_hidden_layers', 2.5],
    ['vocab_size', '96'],
  ])('an absurd %s of %j', (field, value) => {
    checkRefused({ [field]: value }, field, `found ${JSON.stringify(value)}`);
  });

  it('key heads that do not divide the query heads', () => {
    checkRefused({ num_key_value_heads: 3 }, 'num_key_value_heads', 'found 3, expected a divisor of 4 heads');
  });

  it('an odd head, which has no pairs to turn', () => {
    checkRefused({ head_dim: 15 }, 'head_dim', 'expected an even number');
  });

  it('more heads than the width has numbers', () => {
    checkRefused({ hidden_size: 2 }, 'num_attention_heads', 'found 4, expected a divisor of hidden_size 2');
  });

  it('another activation', () => {
    checkRefused({ hidden_act: 'gelu' }, 'hidden_act', 'found "gelu", expected one of silu');
  });

  it.each(['attention_bias', 'mlp_bias'])('%s', field => {
    checkRefused({ [field]: true }, field, 'expected false: LLaMA has no biases');
  });
});
