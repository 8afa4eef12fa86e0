import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import {
  defaultThreads,
  engineEnvironment,
  engineOptions,
} from '../../src/engine-process/engine-environment';

vi.mock(import('node:os'), async importOriginal => ({
  ...(await importOriginal()),
  availableParallelism: vi.fn(),
}));

afterEach(() => void vi.unstubAllEnvs());

it('the environment is that of a plain Node', () => {
  vi.stubEnv('NODE_OPTIONS', '--inspect');
  const environment = engineEnvironment();
  expect(environment['ELECTRON_RUN_AS_NODE']).toBe('1');
  expect(environment).not.toHaveProperty('NODE_OPTIONS');
});

it('the environment asks glibc for huge pages, unless the user has set something else', () => {
  vi.stubEnv('GLIBC_TUNABLES', undefined);
  expect(engineEnvironment()['GLIBC_TUNABLES']).toBe('glibc.malloc.hugetlb=1');
  vi.stubEnv('GLIBC_TUNABLES', 'glibc.malloc.check=3');
  expect(engineEnvironment()['GLIBC_TUNABLES']).toBe('glibc.malloc.check=3');
});

/** The largest size of V8's young generation, in bytes, while objects are made and the newer half of them is kept. */
function youngGeneration(options: readonly string[]): number {
  const script = `
    let [older, newer, most] = [[], [], 0];
    for (let i = 0; i < 1e6; i++) {
      if (newer.push({ i }) === 2e4) [older, newer] = [newer, []];
      if (i % 1e4 > 0) continue;
      const young = require('node:v8').getHeapSpaceStatistics().find(space => space.space_name === 'new_space');
      most = Math.max(most, young.space_size);
    }
    console.log(most + 0 * older.length);`;
  return Number(spawnSync(process.execPath, [...options, '-e', script], { encoding: 'utf8' }).stdout);
}

it('the options keep the young generation small', () => {
  expect(youngGeneration(engineOptions)).toBeLessThanOrEqual(4 * 2 ** 20);
  expect(youngGeneration([])).toBeGreaterThan(4 * 2 ** 20);
});

it.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [8, 4],
  [64, 4],
])('of %i cores, the engine gets half, but at most four: %i', (machine, expected) => {
  vi.mocked(availableParallelism).mockReturnValue(machine);
  expect(defaultThreads()).toBe(expected);
});
