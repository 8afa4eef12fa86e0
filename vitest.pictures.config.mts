import { defineConfig } from 'vitest/config';
import host from './vitest.host.config.mts';

/** `npm run pictures`: takes the pictures in media/ and docs/pictures/ in a real VS Code, in English and Chinese. Not part of the tests. */
export default defineConfig({
  test: { ...host.test, include: ['test/host/pictures.ts', 'test/host/pictures-zh-cn.ts'] },
});
