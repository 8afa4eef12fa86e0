/**
 * Whether this machine runs on its battery. The operating system is asked in the background, at most once a minute, and
 * only if a caller asks. What is done about it stands elsewhere.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from './clock';

/** 'no-battery': the machine has none, so the answer will not change. */
export type PowerSource = 'mains' | 'battery' | 'no-battery';

export interface Battery {
  /**
   * What was found last, without waiting; false as long as nothing is known. If that is older than a minute, the system
   * is asked again, and `onChange` tells if the answer is another one.
   */
  isInUse(): boolean;
  /** Waits for an answer that is at most a minute old. False if the system gives none. Never throws. */
  look(): Promise<boolean>;
}

export interface BatteryOptions {
  /** Called when `isInUse` has changed. */
  readonly onChange?: () => void;
  /** Asks the system. @throws Error if it does not say */
  readonly read?: () => Promise<PowerSource>;
  readonly clock?: Pick<Clock, 'now'>;
}

/** A charger is rarely plugged in and out, and on Windows an answer costs the start of a process. */
const maxAgeMs = 60_000;

export function createBattery({
  onChange = () => undefined,
  read = readPowerSource,
  clock = systemClock,
}: BatteryOptions = {}): Battery {
  let source: PowerSource | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  const lookNow = async () => {
    lookedAt = clock.now();
    const before = source;
    // An answer that fails leaves nothing known: a machine that does not say counts as one on mains.
    source = await read().catch(() => undefined);
    looking = undefined;
    if ((source === 'battery') !== (before === 'battery')) onChange();
  };
  const look = async () => {
    const isKnown = source === 'no-battery' || clock.now() - lookedAt < maxAgeMs;
    if (!isKnown) looking ??= lookNow();
    await looking;
    return source === 'battery';
  };
  return {
    isInUse() {
      void look();
      return source === 'battery';
    },
    look,
  };
}

/** @throws Error if this operating system does not say, or is none of the three that we know */
export async function readPowerSource(platform: string = process.platform): Promise<PowerSource> {
  switch (platform) {
    case 'linux':
      return parseLinux(await readLinux('/sys/class/power_supply'));
    case 'darwin':
      return parseMac(await output('/usr/bin/pmset', ['-g', 'batt']));
    case 'win32':
      return parseWindows(await output(powerShell(), ['-NoProfile', '-NonInteractive', '-Command', script]));
    default:
      throw new Error(`${platform}: expected linux, darwin or win32`);
  }
}

/**
 * @param supplies the `uevent` file of each power supply. Their fields:
 *   https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-power
 */
export function parseLinux(supplies: readonly string[]): PowerSource {
  const fields = supplies
    .map(
      text =>
        new Map(Array.from(text.matchAll(/^POWER_SUPPLY_(\w+)=(.*)$/gm), ([, name, value]) => [name, value])),
    )
    // A wireless mouse or headset has a battery too. It does not feed the machine.
    .filter(supply => supply.get('SCOPE') !== 'Device');
  // Kernels before 4.20 do not write the type. Of the two kinds only a battery has a status.
  const isBattery = (supply: Map<unknown, unknown>) =>
    supply.has('TYPE') ? supply.get('TYPE') === 'Battery' : supply.has('STATUS');
  const batteries = fields.filter(isBattery).filter(supply => supply.get('PRESENT') !== '0');
  if (batteries.length === 0) return 'no-battery';
  // A weak charger is online while the battery discharges.
  const hasCharger = fields.some(supply => !isBattery(supply) && supply.get('ONLINE') === '1');
  const isDischarging = batteries.some(supply => supply.get('STATUS') === 'Discharging');
  return isDischarging && !hasCharger ? 'battery' : 'mains';
}

/** @param text what `pmset -g batt` prints @throws Error if it is something else */
export function parseMac(text: string): PowerSource {
  const source = /^Now drawing from '(AC|Battery|UPS) Power'/.exec(text)?.[1];
  if (source === undefined)
    throw new Error(`pmset: found ${JSON.stringify(text)}, expected 'Now drawing from'`);
  if (source !== 'AC') return 'battery';
  return text.includes('InternalBattery') ? 'mains' : 'no-battery';
}

/**
 * The states that Windows gives as `SYSTEM_POWER_STATUS`. Get-CimInstance Win32_Battery is no substitute: it says 'low'
 * of a battery with and without a charger.
 */
const script =
  'Add-Type -AssemblyName System.Windows.Forms; $power = [System.Windows.Forms.SystemInformation]::PowerStatus; ' +
  'Write-Output "$($power.PowerLineStatus); $($power.BatteryChargeStatus)"';

/** @param text what the script prints, such as `Offline; High` @throws Error if it is something else */
export function parseWindows(text: string): PowerSource {
  const [, line, battery] = /^(Online|Offline|Unknown); (.+)$/.exec(text.trim()) ?? [];
  if (line === undefined || battery === undefined)
    throw new Error(
      `PowerShell: found ${JSON.stringify(text)}, expected the power line's status and the battery's`,
    );
  if (battery.includes('NoSystemBattery')) return 'no-battery';
  return line === 'Offline' ? 'battery' : 'mains';
}

/** @returns the `uevent` files; none on a machine without the folder, such as a container */
async function readLinux(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map(name => readFile(join(folder, name, 'uevent'), 'utf8').catch(() => '')));
}

function powerShell(): string {
  const windows = process.env['SystemRoot'] ?? 'C:\\Windows';
  return join(windows, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
}

/** Much longer than either program takes. */
const maxMs = 20_000;

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: maxMs, windowsHide: true }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}
