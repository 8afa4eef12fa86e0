/**
 * `npm run package [-- --target linux-x64]`: builds for production and packs `build/sotto-TARGET.vsix`, with the
 * binaries of that one platform. Prints the files in it and its size.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** The texts of licences, from packages that are in the bundles too. */
const licenceTexts = { 'apache-2.0': '@huggingface/tokenizers' };
/** Both models and the runtime of one platform: what a person downloads. */
const maxPackageBytes = 120e6;

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
const size = statSync(packagePath).size;
console.log(`${megabytes(size).padStart(10)}  ${relative(root, packagePath)} (compressed)`);
if (size > maxPackageBytes) throw new Error(`${packagePath}: expected at most ${megabytes(maxPackageBytes)}`);

/**
 * Writes `dist/THIRD-PARTY-NOTICES.txt`: the licences of the packages in the bundles, and of the models that began as
 * other people's.
 * @param {readonly string[]} sources files in the bundles, relative to the root
 */
function writeNotices(sources) {
  const packages = new Set(sources.map(packageOf).filter(name => name !== undefined));
  const notices = [...[...packages].sort().map(notice), ...modelNotices()];
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), `${notices.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

/** A model that began as another's has `origin.json`, which `train/sotto_train/ship.py` writes. */
function modelNotices() {
  const names = readdirSync(join(root, 'models')).filter(name =>
    existsSync(join(root, 'models', name, 'origin.json')),
  );
  return names.map(name => {
    const folder = join(root, 'models', name);
    const licence = JSON.parse(readFileSync(join(folder, 'origin.json'), 'utf8'))['general.license'];
    const holder = licenceTexts[/** @type {keyof typeof licenceTexts} */ (licence)];
    if (holder === undefined)
      throw new Error(`${folder}/origin.json: general.license: no text of ${licence}`);
    const text = readFileSync(join(root, 'node_modules', holder, 'LICENSE'), 'utf8').trim();
    return `models/${name} (${licence})\n\n${readFileSync(join(folder, 'LICENSE.md'), 'utf8').trim()}\n\n${text}\n`;
  });
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
