import { expect, it } from 'vitest';
import { readMistralConfig } from '../../../src/model/architectures/mistral';
import { configChecks, smallestLlama } from './config-checks';

const { read, checkRefused } = configChecks(readMistralConfig, smallestLlama);

it.each([
  ['the field', { sliding_window: 8 }, 8],
  ['nothing for null, as from version 0.2 on', { sliding_window: null }, undefined],
  ['4096 without the field, as in version 0.1', {}, 4096],
])('has a window of %s', (_, fields, window) => {
  expect(read(fields).window).toBe(window);
});

it('refuses layers that differ', () => {
  checkRefused({ layer_types: ['full_attention'] }, 'layer_types', 'the layers of Mistral are alike');
});

it('refuses an absurd window', () => {
  checkRefused({ sliding_window: 0 }, 'sliding_window', 'found 0');
});
