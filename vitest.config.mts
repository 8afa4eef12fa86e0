import { defineConfig } from 'vitest/config';

/** All tests except those in a real VS Code, which have their own configuration (vitest.host.config.mts). */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**'],
    // Some tests start processes and load models, which is slow on a busy machine.
    testTimeout: 20_000,
    globalSetup: 'test/global-setup.ts',
    // A process can load onnxruntime-node only once, and it aborts in a worker thread that is stopped.
    pool: 'forks',
  },
});
