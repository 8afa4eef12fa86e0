// Installs the VS Code that the tests drive and that `npm start` opens in a browser: VS Code 1.100.3, which the npm
// package code-server 4.100.3 contains.
//
// We keep only code-server's `lib/vscode` and run its `server-main.js` directly. The wrapper around it needs a compiled
// argon2, for a password that we do not use. Nothing is compiled: ripgrep comes prebuilt from a newer @vscode/ripgrep,
// and spdlog.cjs writes the log. native-watchdog, kerberos and node-pty stay unbuilt, so there is no terminal.

import { copyFile, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm } from './child-process.mjs';
import { installAtomically } from './install-atomically.mjs';

const codeServerVersion = '4.100.3';
// The first @vscode/ripgrep whose binary comes in an npm package instead of a download.
const ripgrepVersion = '1.18.0';
// Raise this number when the steps below change. Then an older installation is replaced.
const recipe = 1;

const scriptsFolder = dirname(fileURLToPath(import.meta.url));
const defaultCacheFolder = join(scriptsFolder, '..', '.cache');

/** @typedef {(line: string) => void} Log */

/**
 * Installs VS Code unless it is installed. Needs network and npm, about ten seconds, and no compiler.
 *
 * @param {{ cacheFolder?: string, log?: Log }} [options] `cacheFolder` is the parent of the installation
 * @returns {Promise<string>} the `entry` for `startCodeServer`
 */
export async function installCodeServer({ cacheFolder = defaultCacheFolder, log = () => {} } = {}) {
  const folder = join(resolve(cacheFolder), `code-server-${codeServerVersion}`);
  await installAtomically(
    folder,
    () => isInstalled(folder),
    workFolder => {
      log(`Installing VS Code (code-server ${codeServerVersion}) into ${folder}`);
      return build(workFolder, log);
    },
  );
  return join(folder, 'out', 'server-main.js');
}

/** @param {string} folder */
async function isInstalled(folder) {
  const text = await readFile(join(folder, 'sotto-recipe'), 'utf8').catch(() => '');
  return text === String(recipe);
}

/**
 * @param {string} workFolder
 * @param {Log} log
 * @returns {Promise<string>} the finished `lib/vscode` folder, in `workFolder`
 */
async function build(workFolder, log) {
  await writeFile(join(workFolder, 'package.json'), '{ "private": true }');
  const packages = [`code-server@${codeServerVersion}`, `@vscode/ripgrep@${ripgrepVersion}`];
  await runNpm(['install', ...packages], { folder: workFolder, log });

  const modules = join(workFolder, 'node_modules');
  const vscode = join(modules, 'code-server', 'lib', 'vscode');
  await runNpm(['install'], { folder: vscode, log });
  await runNpm(['install'], { folder: join(vscode, 'extensions'), log });

  const ripgrep = join(modules, '@vscode', `ripgrep-${process.platform}-${process.arch}`, 'bin');
  await cp(ripgrep, join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin'), { recursive: true });
  await copyFile(
    join(scriptsFolder, 'spdlog.cjs'),
    join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js'),
  );
  // VS Code looks for ripgrep and others in here; code-server's postinstall does the same. The link is relative,
  // because the folder is renamed later. A Windows junction cannot be relative, so there we copy.
  const asar = join(vscode, 'node_modules.asar');
  if (process.platform === 'win32') await cp(join(vscode, 'node_modules'), asar, { recursive: true });
  else await symlink('node_modules', asar);
  await writeFile(join(vscode, 'sotto-recipe'), String(recipe));
  return vscode;
}
