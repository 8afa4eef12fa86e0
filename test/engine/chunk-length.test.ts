import { expect, it } from 'vitest';
import { chunkLengthFor } from '../../src/engine/chunk-length';

it.each([
  { msPerToken: 0, length: 128, why: 'a fast model runs no more than 128' },
  { msPerToken: 0.1, length: 64, why: '64 tokens in 6.4 ms, 128 would take 12.8' },
  { msPerToken: 0.6, length: 16, why: '16 tokens in 9.6 ms' },
  { msPerToken: 1.5, length: 8, why: '8 tokens in 12 ms' },
  { msPerToken: 50, length: 8, why: 'a slow model still runs 8: one by one would be no faster' },
])('$msPerToken ms a token: chunks of $length ($why)', ({ msPerToken, length }) => {
  expect(chunkLengthFor(msPerToken)).toBe(length);
});
