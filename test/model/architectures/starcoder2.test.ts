import { expect, it } from 'vitest';
import { readStarcoder2Config } from '../../../src/model/architectures/starcoder2';
import { configChecks, smallestLlama } from './config-checks';

const { read, checkRefused } = configChecks(readStarcoder2Config, smallestLlama);

it.each([
  [{}, { window: undefined, tiedOutput: true, normEpsilon: 1e-5 }],
  [
    { sliding_window: 8, tie_word_embeddings: false, norm_epsilon: 1e-6 },
    { window: 8, tiedOutput: false, normEpsilon: 1e-6 },
  ],
  [{ sliding_window: null, mlp_type: 'default', norm_type: 'layer_norm' }, { window: undefined }],
])('reads %j as %j', (fields, expected) => {
  expect(read(fields)).toMatchObject(expected);
});

it.each([
  [{ use_bias: false }, 'use_bias', 'expected true'],
  [{ mlp_type: 'gated' }, 'mlp_type', 'found "gated"'],
  [{ norm_type: 'rms_norm' }, 'norm_type', 'found "rms_norm"'],
  [{ hidden_act: 'gelu' }, 'hidden_act', 'found "gelu"'],
])('refuses %j', (fields, field, problem) => {
  checkRefused(fields, field, problem);
});
