import { expect, it } from 'vitest';
import { readGpt1Config } from '../../../src/model/architectures/gpt1';
import { configChecks, smallestGpt } from './config-checks';

const { read, checkRefused } = configChecks(readGpt1Config, smallestGpt);

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

it.each([
  [{ afn: 'gelu_new' }, 'afn', 'found "gelu_new", expected one of gelu'],
  [{ afn: 'relu' }, 'afn', 'found "relu"'],
  [{ tie_word_embeddings: false }, 'tie_word_embeddings', 'expected true: part of GPT-1'],
  [{ n_head: 5 }, 'n_head', 'found 5, expected a divisor of n_embd 64'],
])('refuses %j', (fields, field, problem) => {
  checkRefused(fields, field, problem);
});
