import { buildDist } from '../scripts/bundle.mjs';

/** Builds `dist/` before the unit tests: they start the engine's process from there, bundled as it ships. */
export default async function setup(): Promise<void> {
  await buildDist();
}
