/** `node scripts/run.mjs ENTRY.ts [ARGUMENTS]`: brings `dist/` up to date, bundles one of our entries and runs it. */
import { spawnSync } from 'node:child_process';
import { requireInstalled } from './install.mjs';

await requireInstalled();
const { buildDist, bundleForNode } = await import('./bundle.mjs');
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) throw new Error('name the entry to run, such as src/cli/complete-command.ts');
await buildDist();
const bundle = await bundleForNode(entry);
const { status } = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...args], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
