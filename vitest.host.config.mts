import { defineConfig } from 'vitest/config';

/** The tests that drive a real VS Code with the packed extension (`npm run test:host`). One after another. */
export default defineConfig({
  test: {
    include: ['test/host/**/*.test.ts'],
    fileParallelism: false,
    // The first run installs VS Code's server and, where there is none, a browser.
    hookTimeout: 15 * 60_000,
    testTimeout: 90_000,
  },
});
