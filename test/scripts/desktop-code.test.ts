import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { findDesktopCode, openDesktopCode } from '../../scripts/desktop-code.mjs';
import { temporaryFolder } from '../temporary-folder';

let asked: string;
beforeEach(() => {
  vi.stubEnv('VSCODE_IPC_HOOK_CLI', undefined);
  asked = join(temporaryFolder(), 'asked.json');
  return () => vi.unstubAllEnvs();
});

/** Puts a program called `code` first on the path. It writes its arguments to the file `asked`. */
function putCodeOnThePath(): void {
  const folder = temporaryFolder();
  const script = join(folder, 'code.cjs');
  writeFileSync(
    script,
    `require('node:fs').writeFileSync(${JSON.stringify(asked)}, JSON.stringify([...process.argv.slice(2), process.env.FIRST_STEP]));`,
  );
  writeFileSync(join(folder, 'code'), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  writeFileSync(join(folder, 'code.cmd'), `@"${process.execPath}" "${script}" %*\r\n`);
  chmodSync(join(folder, 'code'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
}

describe("the desktop's VS Code", () => {
  test('opens a folder with the extension and its environment, also when their paths contain spaces', async () => {
    putCodeOnThePath();
    const code = findDesktopCode();
    await openDesktopCode(String(code), {
      extension: '/a b/sotto',
      folder: '/c d/examples',
      env: { FIRST_STEP: 'try' },
    });
    expect(JSON.parse(readFileSync(asked, 'utf8'))).toEqual([
      '--new-window',
      '--extensionDevelopmentPath=/a b/sotto',
      '/c d/examples',
      'try',
    ]);
  });

  test('is not the `code` of a remote window, which would ignore the extension', () => {
    putCodeOnThePath();
    vi.stubEnv('VSCODE_IPC_HOOK_CLI', '/tmp/vscode-ipc.sock');
    expect(findDesktopCode()).toBeUndefined();
    expect(existsSync(asked)).toBe(false);
  });

  test('is an error with the exit code when it does not open', async () => {
    await expect(
      openDesktopCode(process.execPath, { extension: 'no-such-option', folder: '', env: {} }),
    ).rejects.toThrow(/exit code 9/);
  });
});
