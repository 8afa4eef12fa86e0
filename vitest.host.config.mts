import { defineConfig } from 'vitest/config';

/** The tests in a real VS Code with the packed extension (`npm run test:host`). They run one after another. */
export default defineConfig({
  test: {
    include: ['test/host/**/*.test.ts'],
    fileParallelism: false,
    // The first run installs VS Code's server and, if there is none, a browser.
    hookTimeout: 15 * 60_000,
    testTimeout: 90_000,
  },
});
