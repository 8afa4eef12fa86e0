/**
 * `npm run package [-- --target linux-x64]`: builds for production and packs `build/sotto-TARGET.vsix`, with the
 * binaries of that one platform. Prints the files in it and its size.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { requireInstalled } from './install.mjs';

await requireInstalled();
const { buildDist, root } = await import('./bundle.mjs');
const { createVSIX, listFiles, PackageManager } = await import('@vscode/vsce');

/** The platforms for which onnxruntime-node has binaries, under VS Code's names. */
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

/**
 * Writes `dist/THIRD-PARTY-NOTICES.txt`: the licences of the packages in the bundles.
 * @param {readonly string[]} sources files in the bundles, relative to the root
 */
export function writeNotices(sources) {
  const packages = new Set(sources.map(packageOf).filter(name => name !== undefined));
  const notices = [...packages].sort().map(notice);
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), `${notices.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

/** @param {string} source */
function packageOf(source) {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
}

/** @param {string} name */
function notice(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license, author, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
  const heading = `${name} ${version} (${license})`;
  if (file !== undefined) return `${heading}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  // ONNX Runtime's npm packages name their licence but do not contain its text.
  const holder = typeof author === 'string' ? author : (author?.name ?? 'its authors');
  return `${heading}\n\nCopyright (c) ${holder}. ${repository?.url ?? ''}\n`;
}
