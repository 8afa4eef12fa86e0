import { expect, it } from 'vitest';
import { readGptNeoXConfig } from '../../../src/model/architectures/gpt-neox';
import { configChecks, smallestLlama } from './config-checks';

const { read, checkRefused } = configChecks(readGptNeoXConfig, smallestLlama);

it('has the defaults of the published code', () => {
  expect(read({})).toMatchObject({
    kvHeads: 4,
    normEpsilon: 1e-5,
    rotary: { base: 10_000, dims: 4 },
    activation: 'gelu',
    parallel: true,
    tiedOutput: false,
  });
});

it.each([
  ['by their own names', { rotary_pct: 0.5, rotary_emb_base: 500 }],
  ['in rope_parameters', { rope_parameters: { partial_rotary_factor: 0.5, rope_theta: 500 } }],
  [
    'in both, where rope_parameters counts',
    { rotary_pct: 1, rotary_emb_base: 5, rope_parameters: { partial_rotary_factor: 0.5, rope_theta: 500 } },
  ],
])('finds the rotary positions %s', (_, fields) => {
  expect(read(fields).rotary).toMatchObject({ base: 500, dims: 8 });
});

it('reads the fields that are there', () => {
  const said = { use_parallel_residual: false, hidden_act: 'gelu_fast', tie_word_embeddings: true };
  expect(read(said)).toMatchObject({ parallel: false, activation: 'geluTanh', tiedOutput: true });
});

it.each([
  [{ attention_bias: false }, 'attention_bias', 'expected true'],
  [{ hidden_act: 'relu' }, 'hidden_act', 'found "relu"'],
  [{ num_key_value_heads: 2 }, 'num_key_value_heads', 'found 2, expected 4'],
  [{ head_dim: 8 }, 'head_dim', 'found 8'],
  [{ rotary_pct: 0.1 }, 'rotary_pct', 'an even share of a head of 16'],
])('refuses %j', (fields, field, problem) => {
  checkRefused(fields, field, problem);
});
