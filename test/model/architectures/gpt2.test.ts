import { describe, expect, it } from 'vitest';
import { readGpt2Config } from '../../../src/model/architectures/gpt2';
import { configChecks, smallestGpt } from './config-checks';

const { read, checkRefused } = configChecks(readGpt2Config, smallestGpt);

it('has the defaults of the paper', () => {
  expect(read({})).toEqual({
    vocabulary: 96,
    layers: 3,
    width: 64,
    heads: 4,
    kvHeads: 4,
    headDim: 16,
    contextLength: 128,
    feedForward: 256,
    normEpsilon: 1e-5,
  });
});

it('reads the fields that are there', () => {
  const said = { n_inner: 100, layer_norm_epsilon: 1e-6, activation_function: 'gelu_pytorch_tanh' };
  expect(read(said)).toMatchObject({ feedForward: 100, normEpsilon: 1e-6 });
});

it('treats null as absent, as transformers writes it', () => {
  expect(read({ n_inner: null, activation_function: null }).feedForward).toBe(256);
});

describe('refuses', () => {
  it.each(Object.keys(smallestGpt))('a missing %s', field => {
    checkRefused({ [field]: undefined }, field, 'found nothing');
  });

  it.each([
    ['n_embd', 65_540],
    ['n_head', 0],
    ['vocab_size', 1_000_001],
    ['n_layer', 1025],
    ['n_positions', 131_073],
    ['n_inner', 262_145],
    ['layer_norm_epsilon', 2],
    ['n_layer', 0.5],
    ['n_positions', '128'],
  ])('an absurd %s of %j', (field, value) => {
    checkRefused({ [field]: value }, field, `found ${JSON.stringify(value)}`);
  });

  it('heads that do not divide the width', () => {
    checkRefused({ n_head: 5 }, 'n_head', 'found 5, expected a divisor of n_embd 64');
  });

  it.each(['relu', 'gelu'])('the activation %s', name => {
    checkRefused(
      { activation_function: name },
      'activation_function',
      `found "${name}", expected one of gelu_new`,
    );
  });

  it.each(['scale_attn_by_inverse_layer_idx', 'add_cross_attention'])('the variant %s', field => {
    checkRefused({ [field]: true }, field, 'found true, expected false');
  });

  it.each(['scale_attn_weights', 'tie_word_embeddings'])('a model without %s', field => {
    checkRefused({ [field]: false }, field, 'found false, expected true');
  });
});
