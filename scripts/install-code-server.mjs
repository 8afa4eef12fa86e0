// Installs the VS Code that tests drive and that `npm start` opens in a browser: the one inside code-server
// 4.100.3 (VS Code 1.100.3), from the npm registry.
//
// Of code-server only `lib/vscode` is kept, and its `server-main.js` is run directly: the wrapper around it
// would need argon2 compiled for a password that nobody here types. Nothing is compiled at all: ripgrep
// comes prebuilt from a newer @vscode/ripgrep, logging from spdlog.cjs; native-watchdog, kerberos and
// node-pty stay unbuilt (so there is no integrated terminal).

import { copyFile, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm } from './child-process.mjs';
import { installAtomically } from './install-atomically.mjs';

const codeServerVersion = '4.100.3';
// The first @vscode/ripgrep that carries its binary inside npm packages instead of downloading it.
const ripgrepVersion = '1.18.0';
// Raised whenever the recipe below changes, so that an older installation is replaced.
const recipe = 1;

const scriptsFolder = dirname(fileURLToPath(import.meta.url));
const defaultCacheFolder = join(scriptsFolder, '..', '.cache');

/** @typedef {(line: string) => void} Log */

/**
 * Installs VS Code unless it is there already; takes network, npm and about ten seconds, no compiler.
 *
 * @param {{ cacheFolder?: string, log?: Log }} [options] `cacheFolder` is the parent of the installation
 * @returns {Promise<string>} the entry for `startCodeServer`
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
 * @returns {Promise<string>} the finished `lib/vscode` folder, still inside `workFolder`
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
  // As code-server's own postinstall does: VS Code looks for ripgrep and others in there. Relative,
  // because the folder is about to be renamed; a Windows junction cannot be, hence the real copy.
  const asar = join(vscode, 'node_modules.asar');
  if (process.platform === 'win32') await cp(join(vscode, 'node_modules'), asar, { recursive: true });
  else await symlink('node_modules', asar);
  await writeFile(join(vscode, 'sotto-recipe'), String(recipe));
  return vscode;
}
