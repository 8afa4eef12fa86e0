/**
 * Freezes the engine's process, so that a request certainly runs while the test does something. Knows nothing of what
 * the request is for.
 */
import { execFileSync } from 'node:child_process';
import type { Fixture } from './fixture';
import { until } from './until';

/** The id of the engine process that the log names last. */
export async function enginePid({ log }: Fixture): Promise<number> {
  const started = (await log()).flatMap(line => /engine process (\d+) started/.exec(line)?.[1] ?? []);
  const last = started.at(-1);
  if (last === undefined) throw new Error('no engine process has started yet');
  return Number(last);
}

/**
 * Freezes the engine while `meanwhile` runs. That must be short: the client ends an engine that hangs for long.
 * @param meanwhile receives the id of the process
 */
export async function whileEngineIsFrozen<T>(
  fixture: Fixture,
  meanwhile: (pid: number) => Promise<T>,
): Promise<T> {
  const pid = await enginePid(fixture);
  freeze(pid);
  try {
    return await meanwhile(pid);
  } finally {
    thaw(pid);
  }
}

/** Waits until the status bar says that the engine works on a request. */
export async function untilWorking({ vsCode }: Fixture): Promise<void> {
  await until('a request in the engine', async () =>
    (await vsCode.statusBarLabel('sotto.status'))?.endsWith('Working.'),
  );
}

function freeze(pid: number): void {
  if (process.platform === 'win32') callWindows('NtSuspendProcess', pid);
  else process.kill(pid, 'SIGSTOP');
}

function thaw(pid: number): void {
  if (!isAlive(pid)) return;
  if (process.platform === 'win32') callWindows('NtResumeProcess', pid);
  else process.kill(pid, 'SIGCONT');
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Windows has no signal for this, only a function in a library of its kernel. */
function callWindows(name: 'NtSuspendProcess' | 'NtResumeProcess', pid: number): void {
  const declaration = `[DllImport("ntdll.dll")] public static extern int ${name}(IntPtr process);`;
  const script =
    `Add-Type -Name Kernel -Namespace Sotto -MemberDefinition '${declaration}'; ` +
    `exit [Sotto.Kernel]::${name}((Get-Process -Id ${pid}).Handle)`;
  // Encoded, because a Windows command line loses quotation marks.
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  execFileSync('powershell', ['-NoProfile', '-EncodedCommand', encoded]);
}
