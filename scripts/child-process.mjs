// Runs other programs for the scripts in this folder: npm, VS Code's server, Chromium's helpers.
// Knows nothing of what they do.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The environment for a child process. VS Code, Electron, Node, npm and vitest set variables for their own children.
 * These are left out: a VS Code server or a nested npm would behave differently with them.
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment() {
  const editors = /^(VSCODE|ELECTRON|CODE_SERVER)_/i;
  // Kept: certificates, npm's registry and npm's cache. They belong to the user's network.
  const node =
    /^(NODE_(?!EXTRA_CA_CERTS$)|VITEST|npm_(package|lifecycle|command|config_(local_|global_)?prefix))/i;
  const isInherited = (/** @type {string} */ name) => !editors.test(name) && !node.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isInherited(name)));
}

/**
 * Runs a program until it ends. Rejects if the exit code is not 0; the error holds the end of its output.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ folder?: string, env?: NodeJS.ProcessEnv, shell?: boolean, timeoutMs?: number, log?: (line: string) => void }} [options]
 * @returns {Promise<void>}
 */
export async function run(program, args, options = {}) {
  const { folder, env = childEnvironment(), shell = false, timeoutMs = 600_000, log = () => {} } = options;
  const child = spawn(program, args, {
    ...(folder === undefined ? {} : { cwd: folder }),
    env,
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  let output = '';
  /** @param {Buffer} data */
  const onData = data => {
    output = (output + data.toString()).slice(-4_000);
    for (const line of data.toString().split('\n')) if (line.trim() !== '') log(line.trimEnd());
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void killTree(child);
  }, timeoutMs);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    const command = [program, ...args].join(' ');
    if (timedOut) throw new Error(`${command}: not finished after ${timeoutMs} ms\n${output.trim()}`);
    if (code !== 0) throw new Error(`${command}: exit code ${code}\n${output.trim()}`);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs npm without install scripts, so that nothing is compiled or downloaded from elsewhere. Its engine check is off
 * too: code-server asks for "node": "20", which a newer Node would fail.
 *
 * @param {string[]} args
 * @param {{ folder: string, log?: (line: string) => void }} options
 */
export function runNpm(args, { folder, log }) {
  const quiet = ['--ignore-scripts', '--omit=dev', '--engine-strict=false', '--no-audit', '--no-fund'];
  const all = [...args, ...quiet, '--loglevel=error'];
  // On Windows npm is a .cmd file, which only a shell can run. No argument needs quoting.
  return run('npm', all, {
    folder,
    shell: process.platform === 'win32',
    ...(log === undefined ? {} : { log }),
  });
}

/**
 * Ends a child and all its descendants, first with SIGTERM, then with SIGKILL. Resolves when all have ended.
 *
 * @param {import('node:child_process').ChildProcess} child must be spawned with `detached` (except on Windows),
 *   so that it leads a process group
 * @param {number} [patienceMs] how long to wait after SIGTERM
 */
export async function killTree(child, patienceMs = 3_000) {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  signalGroup(child.pid, 'SIGTERM');
  if (!(await groupEnds(child.pid, patienceMs))) {
    signalGroup(child.pid, 'SIGKILL');
    if (!(await groupEnds(child.pid, 5_000))) throw new Error(`process group ${child.pid} survives SIGKILL`);
  }
  await ended;
}

/**
 * @param {number} group
 * @param {number} withinMs
 */
async function groupEnds(group, withinMs) {
  const deadline = Date.now() + withinMs;
  while (groupLives(group)) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/** @param {number} group */
function groupLives(group) {
  if (!signalGroup(group, 0)) return false;
  if (process.platform !== 'linux') return true;
  // In a container without an init process, dead descendants stay zombies, and signals still reach those.
  return readdirSync('/proc').some(pid => {
    if (!/^\d+$/.test(pid)) return false;
    const [state, , processGroup] = statFields(pid);
    return processGroup === String(group) && state !== 'Z' && state !== 'X';
  });
}

/**
 * The fields of /proc/PID/stat after the program's name: state, parent, group, ...
 * @param {string} pid
 */
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/**
 * @param {number} group
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether the group has a process that receives it
 */
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}
