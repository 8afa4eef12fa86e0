import { expect, it } from 'vitest';
import { chunkLengthFor } from '../../src/generation/chunk-length';

it.each([
  { name: 'the bundled model', layers: 6, width: 256, length: 64 },
  { name: 'a model of 46M', layers: 12, width: 512, length: 16 },
  { name: 'SmolLM2-135M', layers: 30, width: 576, length: 8 },
  { name: 'LLaMA-7B', layers: 32, width: 4096, length: 8 },
])('$name reads a prompt in chunks of $length', ({ layers, width, length }) => {
  expect(chunkLengthFor({ layers, width })).toBe(length);
});
