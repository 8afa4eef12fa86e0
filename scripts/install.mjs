/**
 * Installs the packages of package-lock.json, if they are not installed yet. Imports no package: none may be there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Checked first. vitest's dependencies call `require` on ES modules, which works from these versions on.
if (!process.features.require_module)
  throw new Error(`Node ${process.version} is too old: Sotto needs Node 20.19, 22.12 or newer`);

const root = join(import.meta.dirname, '..');
const lock = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
/** A copy of the lock file that was installed. It is in node_modules, so that it disappears together with it. */
const stamp = join(modules, '.sotto-installed');

export async function requireInstalled() {
  const wanted = readFileSync(lock, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // npm would empty the folder that the link points to, and another checkout uses that folder.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Error(
      `${modules} is a link and does not hold what package-lock.json says: remove it, or install there`,
    );
  console.error('Installing dependencies (npm ci) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm ci failed; its message is above');
  writeFileSync(stamp, wanted);
}
