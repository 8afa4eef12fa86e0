import { availableParallelism } from 'node:os';
import { expect, it, vi } from 'vitest';
import { defaultThreads } from '../../src/engine-process/default-threads';

vi.mock(import('node:os'), async importOriginal => ({
  ...(await importOriginal()),
  availableParallelism: vi.fn(),
}));

it.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [8, 4],
  [64, 4],
])('of %i leaves the editor its half: %i', (machine, expected) => {
  vi.mocked(availableParallelism).mockReturnValue(machine);
  expect(defaultThreads()).toBe(expected);
});
