/** `node scripts/run.mjs ENTRY.ts [ARGUMENTS]`: bundles an entry of ours and runs it, with `dist/engine.js` up to date. */
import { spawnSync } from 'node:child_process';
import { requireInstalled } from './install.mjs';

await requireInstalled();
const { buildDist, bundleForNode } = await import('./bundle.mjs');
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) throw new Error('which entry?');
await buildDist();
const bundle = await bundleForNode(entry);
const { status } = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...args], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
