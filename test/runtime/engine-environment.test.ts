import { expect, it, vi } from 'vitest';
import { engineEnvironment } from '../../src/runtime/engine-environment';

it('is that of a plain Node', () => {
  vi.stubEnv('NODE_OPTIONS', '--inspect');
  const environment = engineEnvironment();
  expect(environment['ELECTRON_RUN_AS_NODE']).toBe('1');
  expect(environment).not.toHaveProperty('NODE_OPTIONS');
});

it('asks glibc for huge pages, unless the user asks it for something else', () => {
  vi.stubEnv('GLIBC_TUNABLES', undefined);
  expect(engineEnvironment()['GLIBC_TUNABLES']).toBe('glibc.malloc.hugetlb=1');
  vi.stubEnv('GLIBC_TUNABLES', 'glibc.malloc.check=3');
  expect(engineEnvironment()['GLIBC_TUNABLES']).toBe('glibc.malloc.check=3');
});
