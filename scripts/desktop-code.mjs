// The VS Code of this machine's desktop, which can load an extension from a folder.

import { spawn, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** macOS puts `code` on the path only if its user asked VS Code to. */
const inMacApplication = 'Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';
const programs = ['code', join('/', inMacApplication), join(homedir(), inMacApplication)];

/**
 * @returns {string | undefined} the program; none where there is no desktop, and none in a terminal of a remote window
 *   (SSH, a container): there `code` only sends files to that window, and leaves `--extensionDevelopmentPath` out
 */
export function findDesktopCode() {
  if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
  return programs.find(program => {
    const { file, args, options } = command(program, ['--version']);
    return spawnSync(file, args, options).status === 0;
  });
}

/**
 * A new window with the extension; ends when `code` does, which is when the window is asked for.
 * @param {string} program
 * @param {{ extension: string, folder: string }} what paths
 * @returns {Promise<void>}
 */
export async function openDesktopCode(program, { extension, folder }) {
  const { file, args, options } = command(program, [
    '--new-window',
    `--extensionDevelopmentPath=${extension}`,
    folder,
  ]);
  const child = spawn(file, args, { ...options, stdio: 'inherit' });
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve(undefined) : reject(new Error(`${program}: exit code ${code}`)),
    );
  });
}

/**
 * On Windows `code` is a .cmd, which only a shell runs, and Node quotes nothing for a shell.
 * @param {string} program
 * @param {string[]} args
 */
function command(program, args) {
  if (process.platform !== 'win32') return { file: program, args, options: { shell: false } };
  const quoted = [program, ...args].map(part => `"${part}"`).join(' ');
  return { file: quoted, args: [], options: { shell: true } };
}
