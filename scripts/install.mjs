/** Installs what package-lock.json says, if it is not what is installed. Uses nothing that must be installed first. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const lock = join(root, 'package-lock.json');
/** A copy of the lock file that was installed; inside node_modules, so that it goes when they go. */
const stamp = join(root, 'node_modules/.sotto-installed');

export async function requireInstalled() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`Node ${process.version} is too old: Sotto needs Node 20 or newer`);
  const wanted = readFileSync(lock, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
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
