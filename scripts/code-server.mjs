// Runs VS Code's server on this machine, for a browser: for the tests, and for `npm start`.
// Knows nothing of browsers, or of what the extension does.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { childEnvironment, killTree, run } from './child-process.mjs';

export { installCodeServer } from './install-code-server.mjs';

const endWithParent = new URL('end-with-parent.mjs', import.meta.url).href;

/** @typedef {(line: string) => void} Log */

/**
 * @typedef {object} CodeServer
 * @property {string} url complete address, with folder and access token: open exactly this
 * @property {number} pid
 * @property {(settings: Record<string, unknown>) => Promise<void>} changeSettings replaces the machine settings, which
 *   override the user's; `{}` brings the user's back. VS Code watches the file and reads it soon after. Settings of
 *   scope `application` have no effect here.
 * @property {() => Promise<void>} stop ends the server and everything it started; resolves when all have ended
 * @property {(part?: string) => Promise<{ path: string, text: string }[]>} extensionHostLogs log files of this run's
 *   extension hosts, newest host last; only those whose path contains `part` (such as 'sotto.sotto')
 */

/**
 * Starts VS Code on 127.0.0.1 and waits until it answers.
 *
 * @param {object} options
 * @param {string} options.entry from `installCodeServer`
 * @param {string} options.folder the workspace that opens
 * @param {string} options.userDataFolder settings, state and logs of this VS Code
 * @param {string} options.extensionsFolder where extensions are installed
 * @param {number} [options.port] by default a free one
 * @param {string} [options.vsix] an extension that is installed first; replaces an older version
 * @param {NodeJS.ProcessEnv} [options.environment] variables in addition to those of this process
 * @param {string} [options.language] of VS Code and its extensions, if a pack for it is installed, such as `zh-cn`
 * @param {string} [options.traceExtension] id of an extension; its output channel logs at trace level
 * @param {Log} [options.log] receives each line that the server prints
 * @param {number} [options.timeoutMs]
 * @returns {Promise<CodeServer>}
 */
export async function startCodeServer(options) {
  const { entry, userDataFolder, extensionsFolder, vsix, log = () => {}, timeoutMs = 60_000 } = options;
  await mkdir(userDataFolder, { recursive: true });
  await mkdir(extensionsFolder, { recursive: true });
  const olderSessions = new Set(await logSessions(userDataFolder));
  const folders = [
    ...['--user-data-dir', userDataFolder, '--extensions-dir', extensionsFolder],
    // Without this, VS Code would write into the user's home folder.
    ...['--server-data-dir', join(userDataFolder, 'server')],
  ];
  // No extension gallery: with one, VS Code would call open-vsx.org at every start.
  const env = { ...childEnvironment(), ...options.environment, EXTENSIONS_GALLERY: '{}' };
  if (vsix !== undefined) {
    await run(process.execPath, [entry, '--install-extension', vsix, '--force', ...folders], { env, log });
  }

  // Without a token, any web page that the user visits could open a web socket to this server.
  const token = randomBytes(16).toString('hex');
  const tokenFile = join(userDataFolder, 'connection-token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  const flags = [
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--connection-token-file', tokenFile],
    ...['--accept-server-license-terms', '--disable-telemetry', '--disable-update-check'],
    ...['--disable-workspace-trust', '--disable-getting-started-override'],
    ...['--locale', options.language ?? 'en'],
  ];
  const child = spawn(process.execPath, ['--import', endWithParent, entry, ...folders, ...flags], {
    env,
    // Its own process group, so that stop() also ends the extension host and its children.
    detached: process.platform !== 'win32',
    // end-with-parent.mjs watches stdin: it closes when this process ends.
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = () => killTree(child);
  try {
    const port = await listeningPort(child, log, timeoutMs);
    const address = `http://127.0.0.1:${port}`;
    await untilAnswering(`${address}/version`, timeoutMs);
    return {
      url: `${address}/?${query(token, options.folder, options.traceExtension)}`,
      pid: child.pid ?? 0,
      changeSettings: settings => writeSettings(join(userDataFolder, 'Machine', 'settings.json'), settings),
      stop,
      extensionHostLogs: (part = '') => readLogs(userDataFolder, olderSessions, part),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Writes the user settings. Call it before the start: this VS Code reads them when a window opens, and does not notice
 * a later change of the file (its change events name `vscode-remote:` where it expects `vscode-userdata:`). While
 * VS Code runs, use `CodeServer.changeSettings`.
 *
 * @param {string} userDataFolder
 * @param {Record<string, unknown>} settings all of them
 */
export function writeUserSettings(userDataFolder, settings) {
  return writeSettings(join(userDataFolder, 'User', 'settings.json'), settings);
}

/**
 * Writes the user's key bindings. Call it before the start.
 *
 * @param {string} userDataFolder
 * @param {readonly { key: string, command: string, when?: string }[]} keybindings all of them
 */
export function writeKeybindings(userDataFolder, keybindings) {
  return writeSettings(join(userDataFolder, 'User', 'keybindings.json'), keybindings);
}

/**
 * @param {string} file
 * @param {unknown} settings
 */
async function writeSettings(file, settings) {
  await mkdir(dirname(file), { recursive: true });
  // Written beside and then renamed: otherwise VS Code sometimes reads a half-written file.
  await writeFile(`${file}.new`, JSON.stringify(settings, undefined, 2));
  await rename(`${file}.new`, file);
}

/**
 * The path part of a file's URI. It begins with a slash: VS Code would read `C:/a` as a URI with the scheme `C`.
 *
 * @param {string} path absolute
 */
export function uriPath(path) {
  return path.replaceAll('\\', '/').replace(/^(?=[A-Za-z]:\/)/, '/');
}

/**
 * @param {string} token
 * @param {string} folder
 * @param {string | undefined} traceExtension
 */
function query(token, folder, traceExtension) {
  const query = new URLSearchParams({ tkn: token, folder: uriPath(resolve(folder)) });
  // VS Code for the web has no `--log` flag. The workbench reads the level here and passes it to the extension host.
  if (traceExtension !== undefined)
    query.set('payload', JSON.stringify([['logLevel', `${traceExtension}:trace`]]));
  return query;
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {Log} log
 * @param {number} timeoutMs
 * @returns {Promise<string>}
 */
function listeningPort(child, log, timeoutMs) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => fail(`did not start within ${timeoutMs} ms`), timeoutMs);
    /** @param {string} why */
    const fail = why => {
      clearTimeout(timer);
      reject(new Error(`VS Code server ${why}:\n${output.trim()}`));
    };
    /** @param {Buffer} data */
    const onData = data => {
      for (const line of data.toString().split('\n')) if (line.trim() !== '') log(line.trimEnd());
      output = (output + data.toString()).slice(-10_000);
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.on('error', error => fail(`could not be run (${error.message})`));
    child.on('exit', code => fail(`ended with exit code ${code}`));
  });
}

/**
 * @param {string} url
 * @param {number} timeoutMs
 */
async function untilAnswering(url, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch(error => String(error));
    if (typeof answer !== 'string' && answer.ok) return;
    const seen = typeof answer === 'string' ? answer : `HTTP ${answer.status}`;
    if (Date.now() > deadline) throw new Error(`${url} does not answer: ${seen}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** @param {string} userDataFolder */
async function logSessions(userDataFolder) {
  return (await readdir(join(userDataFolder, 'logs')).catch(() => [])).sort();
}

/**
 * @param {string} userDataFolder
 * @param {Set<string>} olderSessions
 * @param {string} part
 */
async function readLogs(userDataFolder, olderSessions, part) {
  const logs = [];
  for (const session of await logSessions(userDataFolder)) {
    const folder = join(userDataFolder, 'logs', session);
    if (olderSessions.has(session)) continue;
    const files = (await readdir(folder, { recursive: true })).sort();
    for (const file of files) {
      if (!file.startsWith('exthost') || !file.endsWith('.log') || !file.includes(part)) continue;
      const path = join(folder, file);
      logs.push({ path, text: await readFile(path, 'utf8') });
    }
  }
  return logs;
}
