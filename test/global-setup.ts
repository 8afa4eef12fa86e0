import { buildDist } from '../scripts/bundle.mjs';

/** The engine's process is tested as it ships: bundled, in `dist/`. */
export default async function setup(): Promise<void> {
  await buildDist();
}
