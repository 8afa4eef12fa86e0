/**
 * Whether the computer runs on its battery, as far as the system says so. It reads files, or asks a program of the system,
 * and never blocks. A system that says nothing counts as plugged in.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PowerWatch {
  readonly isOnBattery: boolean;
  /** Asks the system again if the last answer is old. Returns at once; `onChange` is called if the answer is another. */
  refresh(): void;
}

/** A program is started for it on Windows and macOS, so it is not asked often. */
const maxAgeMs: Partial<Record<NodeJS.Platform, number>> = { win32: 5 * 60_000 };
const usualMaxAgeMs = 60_000;

export function watchPower(
  onChange: () => void,
  read: () => Promise<boolean> = readPower,
  now: () => number = () => performance.now(),
): PowerWatch {
  let isOnBattery = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    get isOnBattery() {
      return isOnBattery;
    },
    refresh() {
      if (now() - askedAt < (maxAgeMs[process.platform] ?? usualMaxAgeMs)) return;
      askedAt = now();
      void read().then(found => {
        if (found === isOnBattery) return;
        isOnBattery = found;
        onChange();
      });
    },
  };
}

/** @returns false if the system does not tell */
export async function readPower(): Promise<boolean> {
  switch (process.platform) {
    case 'linux':
      return readLinux('/sys/class/power_supply');
    case 'darwin':
      return isBatteryInPmset(await run('pmset', ['-g', 'batt']));
    case 'win32':
      return isBatteryInWindows(await run('powershell.exe', windowsQuestion));
    default:
      return false;
  }
}

/**
 * A supply has its `type`. Mains says with `online` whether it feeds the computer, a battery with `status` whether it is
 * used up. Batteries of other things, such as a mouse, have the `scope` Device.
 * Source: the Linux kernel's Documentation/ABI/testing/sysfs-class-power.
 */
export async function readLinux(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  const supplies = await Promise.all(
    names.map(async name => {
      const field = (file: string) => readFile(join(folder, name, file), 'utf8').then(trim, () => '');
      const [type, online, status, scope] = await Promise.all(
        ['type', 'online', 'status', 'scope'].map(field),
      );
      return { type, online, status, scope };
    }),
  );
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  if (own.some(({ type, online }) => type !== 'Battery' && online === '1')) return false;
  return own.some(({ type, status }) => type === 'Battery' && status === 'Discharging');
}

/** @param text what `pmset -g batt` prints; its first line is `Now drawing from 'Battery Power'` */
export function isBatteryInPmset(text: string): boolean {
  return text.includes("'Battery Power'");
}

/** A battery's status is 1 while it is used up. A computer without one prints nothing. */
const windowsQuestion: readonly string[] = [
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  '(Get-CimInstance -ClassName Win32_Battery).BatteryStatus',
];

/** @param text a number for each battery. Source: Microsoft's page of the class Win32_Battery */
export function isBatteryInWindows(text: string): boolean {
  const statuses = text.split(/\s+/).filter(Boolean);
  return statuses.length > 0 && statuses.every(status => status === '1');
}

/** @returns what the program prints; nothing if it fails or takes long */
function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise(resolve =>
    execFile(program, [...args], { timeout: 10_000, windowsHide: true }, (error, stdout) =>
      resolve(error === null ? stdout : ''),
    ),
  );
}

const trim = (text: string) => text.trim();
