// Finds and opens the VS Code of this machine's desktop, which can load an extension from a folder.

import { spawn, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** On macOS, `code` is on the path only if the user told VS Code to put it there. */
const inMacApplication = 'Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';
const programs = ['code', join('/', inMacApplication), join(homedir(), inMacApplication)];

/**
 * Finds the program `code`. There is none on a machine without a desktop. In a terminal of a remote window (SSH, a
 * container) it is not used: there `code` only sends files to that window and ignores `--extensionDevelopmentPath`.
 * @returns {string | undefined}
 */
export function findDesktopCode() {
  if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
  return programs.find(program => {
    const { file, args, options } = command(program, ['--version']);
    return spawnSync(file, args, options).status === 0;
  });
}

/**
 * Opens a new window with the extension. Resolves when `code` ends, which is before the window is there.
 * @param {string} program
 * @param {{ extension: string, folder: string, env: NodeJS.ProcessEnv }} what paths, and variables for the extension
 * @returns {Promise<void>}
 */
export async function openDesktopCode(program, { extension, folder, env }) {
  const { file, args, options } = command(program, [
    '--new-window',
    `--extensionDevelopmentPath=${extension}`,
    folder,
  ]);
  const child = spawn(file, args, { ...options, env: { ...process.env, ...env }, stdio: 'inherit' });
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve(undefined) : reject(new Error(`${program}: exit code ${code}`)),
    );
  });
}

/**
 * On Windows `code` is a .cmd file. Only a shell can run it, and for a shell Node does not quote arguments.
 * @param {string} program
 * @param {string[]} args
 */
function command(program, args) {
  if (process.platform !== 'win32') return { file: program, args, options: { shell: false } };
  const quoted = [program, ...args].map(part => `"${part}"`).join(' ');
  return { file: quoted, args: [], options: { shell: true } };
}
