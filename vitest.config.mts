import { defineConfig } from 'vitest/config';

/** Everything but the tests that drive a real VS Code, which have their own configuration (vitest.host.config.ts). */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**'],
    // onnxruntime-node may only be loaded once a process and aborts inside a worker thread that is stopped.
    pool: 'forks',
  },
});
