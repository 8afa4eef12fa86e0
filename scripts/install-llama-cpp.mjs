// Installs llama.cpp, the engine that benchmarks compare with, from the npm package node-llama-cpp 3.22.1. It is
// prebuilt for the CPU: nothing is compiled, and everything comes from npm's registry. It is no dependency of the
// project. Only a benchmark that needs it installs it.
//
//     node scripts/install-llama-cpp.mjs

import { access, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm } from './child-process.mjs';
import { installAtomically } from './install-atomically.mjs';

const version = '3.22.1';
const scriptsFolder = dirname(fileURLToPath(import.meta.url));
const defaultCacheFolder = join(scriptsFolder, '..', '.cache');

/** @typedef {(line: string) => void} Log */

/**
 * Installs node-llama-cpp unless it is installed. Needs network, npm, a few seconds and 100 MB.
 *
 * @param {{ cacheFolder?: string, log?: Log }} [options] `cacheFolder` is the parent of the installation
 * @returns {Promise<string>} the module to import
 */
export async function installLlamaCpp({ cacheFolder = defaultCacheFolder, log = () => {} } = {}) {
  const folder = join(resolve(cacheFolder), `llama-cpp-${version}`);
  const entry = join(folder, 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
  const isInstalled = () =>
    access(entry).then(
      () => true,
      () => false,
    );
  await installAtomically(folder, isInstalled, async workFolder => {
    log(`Installing llama.cpp (node-llama-cpp ${version}) into ${folder}`);
    await writeFile(join(workFolder, 'package.json'), '{ "private": true }');
    // Its optional dependencies are the binaries for all platforms and graphics cards, 700 MB. We need one of them.
    const packages = [`node-llama-cpp@${version}`, `${binaries()}@${version}`];
    await runNpm(['install', ...packages, '--omit=optional'], { folder: workFolder, log });
    return workFolder;
  });
  return entry;
}

/** The name of the package with this platform's binaries. */
function binaries() {
  const { platform, arch } = process;
  const systems = /** @type {Record<string, string>} */ ({ linux: 'linux', darwin: 'mac', win32: 'win' });
  const suffix = platform === 'darwin' && arch === 'arm64' ? '-metal' : '';
  return `@node-llama-cpp/${systems[platform] ?? platform}-${arch}${suffix}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(await installLlamaCpp({ log: line => console.error(line) }));
