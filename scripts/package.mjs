/**
 * `npm run package [-- --target linux-x64]`: builds for production and packs `build/sotto-TARGET.vsix`, with the
 * binaries of that one platform. Prints its size and what is in it.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { requireInstalled } from './install.mjs';

await requireInstalled();
const { buildDist, root } = await import('./bundle.mjs');
const { writeNotices } = await import('./notices.mjs');
const { createVSIX, listFiles, PackageManager } = await import('@vscode/vsce');

/** The platforms that onnxruntime-node has binaries for, by VS Code's names. */
const targets = {
  'linux-x64': { platform: 'linux', arch: 'x64' },
  'linux-arm64': { platform: 'linux', arch: 'arm64' },
  'darwin-arm64': { platform: 'darwin', arch: 'arm64' },
  'win32-x64': { platform: 'win32', arch: 'x64' },
  'win32-arm64': { platform: 'win32', arch: 'arm64' },
};

const { values } = parseArgs({
  options: { target: { type: 'string', default: `${process.platform}-${process.arch}` } },
});
const target = /** @type {keyof typeof targets} */ (values.target);
const machine = targets[target];
if (machine === undefined) throw new Error(`${target}: expected one of ${Object.keys(targets).join(', ')}`);

writeNotices(await buildDist({ production: true, ...machine }));
const packagePath = join(root, 'build', `sotto-${target}.vsix`);
mkdirSync(join(root, 'build'), { recursive: true });
rmSync(packagePath, { force: true });
await createVSIX({
  cwd: root,
  packagePath,
  target,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  skipLicense: false,
});

const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
for (const file of (await listFiles({ cwd: root, packageManager: PackageManager.None })).sort())
  console.log(`${megabytes(statSync(join(root, file)).size).padStart(10)}  ${file}`);
console.log(
  `${megabytes(statSync(packagePath).size).padStart(10)}  ${relative(root, packagePath)} (compressed)`,
);
