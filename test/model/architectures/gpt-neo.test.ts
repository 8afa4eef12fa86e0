import { expect, it } from 'vitest';
import { readGptNeoConfig } from '../../../src/model/architectures/gpt-neo';
import { configChecks } from './config-checks';

const smallest = {
  hidden_size: 64,
  num_heads: 4,
  num_layers: 3,
  vocab_size: 96,
  max_position_embeddings: 128,
  attention_types: [[['global', 'local', 'global'], 1]],
};
const { read, checkRefused } = configChecks(readGptNeoConfig, smallest);

it('has the defaults of the published code', () => {
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
    windows: [undefined, 256, undefined],
    tiedOutput: true,
  });
});

it('reads the fields that are there', () => {
  const said = {
    attention_types: [
      [['local'], 2],
      [['global'], 1],
    ],
    window_size: 8,
    intermediate_size: 100,
    tie_word_embeddings: false,
  };
  expect(read(said)).toMatchObject({ windows: [8, 8, undefined], feedForward: 100, tiedOutput: false });
});

it.each([
  [{ attention_types: undefined }, 'attention_types', 'found nothing'],
  [{ attention_types: [[['global', 'local'], 1]] }, 'attention_types', 'found 2, expected 3 layers'],
  [{ attention_types: [[['global', 'local'], 1e9]] }, 'attention_types', 'expected 3 layers'],
  [{ attention_types: [[['sparse'], 3]] }, 'attention_types', 'expected [[names, how often], ...]'],
  [{ attention_types: [[[], 1e15]] }, 'attention_types', 'expected [[names, how often], ...]'],
  [{ window_size: 0 }, 'window_size', 'found 0'],
  [{ activation_function: 'relu' }, 'activation_function', 'found "relu"'],
  [{ num_heads: 5 }, 'num_heads', 'found 5, expected a divisor of hidden_size 64'],
])('refuses %j', (fields, field, problem) => {
  checkRefused(fields, field, problem);
});
