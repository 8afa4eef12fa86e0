/** Bundles our sources with esbuild: the three files that ship, and any other entry for a terminal. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

export const root = join(import.meta.dirname, '..');
const onnxruntime = join(root, 'node_modules/onnxruntime-node');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * onnxruntime-node looks for its binary in a folder with the binaries of all platforms. We ship only one platform's,
 * beside the bundle.
 * @type {import('esbuild').Plugin}
 */
const besideTheBundle = {
  name: 'onnxruntime-beside-the-bundle',
  setup(build) {
    const binding = './onnxruntime/onnxruntime_binding.node';
    build.onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(/require\(`[^`]*onnxruntime_binding\.node`\)/, `require('${binding}')`);
      if (contents === source) throw new Error(`${path}: no longer loads its binary as expected`);
      return { contents };
    });
    build.onResolve({ filter: /onnxruntime_binding\.node$/ }, () => ({ path: binding, external: true }));
  },
};

/**
 * Builds `dist/`: `extension.js`, `engine.js`, `inspection.js`, and ONNX Runtime's binaries for one platform.
 * @param {{ production?: boolean, platform?: string, arch?: string }} options
 * @returns {Promise<string[]>} the source files in the bundles, relative to the root
 */
export async function buildDist({
  production = false,
  platform = process.platform,
  arch = process.arch,
} = {}) {
  const shared = {
    ...common,
    minify: production,
    sourcemap: !production,
    metafile: /** @type {const} */ (true),
  };
  const [extension, engine, inspection] = await Promise.all([
    build({
      ...shared,
      entryPoints: { extension: 'src/extension.ts' },
      outdir: 'dist',
      external: ['vscode'],
    }),
    build({
      ...shared,
      entryPoints: { engine: 'src/engine-process/engine-process.ts' },
      outdir: 'dist',
      plugins: [besideTheBundle],
    }),
    build({
      ...shared,
      entryPoints: { inspection: 'src/inspection/inspection-process.ts' },
      outdir: 'dist',
    }),
  ]);
  if (production)
    for (const map of ['extension.js.map', 'engine.js.map', 'inspection.js.map'])
      rmSync(join(root, 'dist', map), { force: true });
  copyBinaries(join(onnxruntime, 'bin/napi-v6', platform, arch), join(root, 'dist/onnxruntime'));
  return [extension, engine, inspection].flatMap(({ metafile }) => Object.keys(metafile.inputs));
}

/**
 * Bundles one of our entries, to run it in this checkout.
 * @param {string} entry e.g. `src/cli/complete-command.ts`
 * @returns {Promise<string>} the path of the bundle
 */
export async function bundleForNode(entry) {
  const outfile = join(root, 'build', entry.replace(/\.ts$/, '.cjs'));
  await build({
    ...common,
    entryPoints: [entry],
    outfile,
    sourcemap: 'inline',
    external: ['onnxruntime-node', 'vscode'],
  });
  return outfile;
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyBinaries(from, to) {
  if (!existsSync(from))
    throw new Error(`onnxruntime-node has no binaries in ${from}: this platform is not supported`);
  const needed = readdirSync(from).filter(name => isNeeded(name));
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(to)) if (!needed.includes(name)) rmSync(join(to, name));
  for (const name of needed) {
    const source = join(from, name);
    const target = join(to, name);
    if (existsSync(target) && statSync(target).size === statSync(source).size) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
}

/**
 * We leave out the graphics back ends of Windows, and a second copy of one library in the macOS folder.
 * @param {string} name
 */
function isNeeded(name) {
  return !['dxcompiler.dll', 'dxil.dll', 'libonnxruntime.1.30.0.dylib'].includes(name);
}
