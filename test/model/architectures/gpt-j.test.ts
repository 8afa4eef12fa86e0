import { expect, it } from 'vitest';
import { readGptJConfig } from '../../../src/model/architectures/gpt-j';
import { configChecks, smallestGpt } from './config-checks';

const { read, checkRefused } = configChecks(readGptJConfig, { ...smallestGpt, rotary_dim: 8 });

it('has the defaults of the published code', () => {
  expect(read({})).toMatchObject({
    feedForward: 256,
    normEpsilon: 1e-5,
    rotary: { base: 10_000, dims: 8, scaling: { rule: 'default' } },
  });
});

it.each([
  [{ rotary_dim: null }, 'rotary_dim', 'found'],
  [{ rotary_dim: 7 }, 'rotary_dim', 'found 7, expected an even number'],
  [{ rotary_dim: 18 }, 'rotary_dim', 'found 18'],
  [{ activation_function: 'gelu' }, 'activation_function', 'found "gelu"'],
  [{ tie_word_embeddings: true }, 'tie_word_embeddings', 'expected false'],
  [{ scale_attn_weights: false }, 'scale_attn_weights', 'expected true'],
])('refuses %j', (fields, field, problem) => {
  checkRefused(fields, field, problem);
});
