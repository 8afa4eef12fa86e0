import { defineConfig } from 'vitest/config';

/** Everything but the tests that drive a real VS Code, which have their own configuration (vitest.host.config.ts). */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**'],
    // Some start processes and load models: a busy machine takes its time.
    testTimeout: 20_000,
    globalSetup: 'test/global-setup.ts',
    // onnxruntime-node may only be loaded once a process and aborts inside a worker thread that is stopped.
    pool: 'forks',
  },
});
