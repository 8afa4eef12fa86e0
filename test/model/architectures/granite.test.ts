import { expect, it } from 'vitest';
import { readGraniteConfig } from '../../../src/model/architectures/granite';
import { configChecks, smallestLlama } from './config-checks';

const { read, checkRefused } = configChecks(readGraniteConfig, smallestLlama);

it('multiplies by one by default', () => {
  expect(read({}).multipliers).toEqual({ embedding: 1, attention: 1, residual: 1, logits: 1 });
});

it('reads the fields that are there', () => {
  const said = {
    embedding_multiplier: 12,
    attention_multiplier: 0.015625,
    residual_multiplier: 0.22,
    logits_scaling: 8,
  };
  expect(read(said).multipliers).toEqual({
    embedding: 12,
    attention: 0.015625,
    residual: 0.22,
    logits: 8,
  });
});

it.each([
  [{ logits_scaling: 0 }, 'logits_scaling', 'found 0'],
  [{ residual_multiplier: '1' }, 'residual_multiplier', 'found "1"'],
  [{ attention_bias: true }, 'attention_bias', 'expected false'],
])('refuses %j', (fields, field, problem) => {
  checkRefused(fields, field, problem);
});
