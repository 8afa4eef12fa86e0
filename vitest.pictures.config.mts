import { defineConfig } from 'vitest/config';
import host from './vitest.host.config.mts';

/** `npm run pictures`: takes the pictures in media/ in a real VS Code. Not part of the tests. */
export default defineConfig({ test: { ...host.test, include: ['test/host/pictures.ts'] } });
