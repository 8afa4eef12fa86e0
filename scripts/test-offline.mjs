/**
 * `npm run test:offline [-- test/host/FILE.test.ts ...]`: runs the tests in a real VS Code in a network namespace that has
 * no route to anywhere, only this machine itself. What passes here needs no network. Linux only; run `npm run test:host`
 * before, which installs VS Code's server and a browser and packs the extension.
 */
import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';

const inside = '--inside';
const args = process.argv.slice(2);
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

if (args[0] === inside) runInside(args.slice(1));
else runOutside();

/** Starts this script again in a namespace of its own. A user may make one only together with a user namespace. */
function runOutside() {
  if (process.platform !== 'linux')
    throw new Error('npm run test:offline needs network namespaces, which only Linux has');
  const script = fileURLToPath(import.meta.url);
  const command = ['--map-root-user', '--net', process.execPath, script, inside, ...args];
  process.exitCode = run('unshare', command);
}

/** @param {string[]} files */
function runInside(files) {
  // A new namespace has only the loopback, and that is down.
  run('ip', ['link', 'set', 'lo', 'up']);
  const names = Object.keys(networkInterfaces());
  if (names.join() !== 'lo')
    throw new Error(`expected only the loopback, found ${names.join(', ') || 'no network at all'}`);
  process.exitCode = run(process.execPath, [vitest, 'run', '--config', 'vitest.host.config.mts', ...files]);
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error !== undefined) throw new Error(`${program} cannot be run (${error.message})`);
  return status ?? 1;
}
