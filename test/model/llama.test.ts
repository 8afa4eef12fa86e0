import { describe, expect, it } from 'vitest';
import { JsonFile } from '../../src/files/json-file';
import { readLlamaConfig } from '../../src/model/llama';
import { checkFault } from '../files/check-fault';

const smallest = {
  hidden_size: 64,
  num_attention_heads: 4,
  vocab_size: 96,
  num_hidden_layers: 3,
  max_position_embeddings: 128,
  intermediate_size: 176,
};

const read = (fields: object) =>
  readLlamaConfig(JsonFile.parse('config.json', JSON.stringify({ ...smallest, ...fields })));

function checkRefused(fields: object, field: string, problem: string): void {
  checkFault(() => read(fields), 'config.json', field, problem);
}

it('takes what LLaMA 1 left unsaid from its paper', () => {
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
    rotaryBase: 10_000,
    tiedOutput: false,
  });
});

it('takes what is said', () => {
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
    rotaryBase: 500_000,
    tiedOutput: true,
  });
});

it.each([
  ['in rope_parameters', { rope_parameters: { rope_type: 'default', rope_theta: 20_000 } }],
  ['in both, where rope_parameters counts', { rope_theta: 5, rope_parameters: { rope_theta: 20_000 } }],
  ['at the top only', { rope_theta: 20_000, rope_parameters: { rope_type: 'default' } }],
  ['beside an empty scaling', { rope_theta: 20_000, rope_scaling: null }],
])('finds the rotary base %s', (_, fields) => {
  expect(read(fields).rotaryBase).toBe(20_000);
});

describe('refuses', () => {
  it.each(Object.keys(smallest))('a missing %s', field => {
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
    ['max_position_embeddings', 131_073],
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

  it('more heads than numbers to share among them', () => {
    checkRefused({ hidden_size: 2 }, 'head_dim', 'found 0');
  });

  it.each([
    [{ rope_scaling: { type: 'linear', factor: 2 } }, 'rope_scaling.type', 'linear'],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8 } }, 'rope_scaling.rope_type', 'llama3'],
    [{ rope_parameters: { rope_type: 'yarn' } }, 'rope_parameters.rope_type', 'yarn'],
  ])('scaled positions: %j', (fields, field, rule) => {
    checkRefused(fields, field, `found "${rule}", expected one of default`);
  });

  it('another activation', () => {
    checkRefused({ hidden_act: 'gelu' }, 'hidden_act', 'found "gelu", expected one of silu');
  });

  it.each(['attention_bias', 'mlp_bias'])('%s', field => {
    checkRefused({ [field]: true }, field, 'expected false: LLaMA has no biases');
  });
});
