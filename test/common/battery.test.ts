import { describe, expect, it } from 'vitest';
import {
  createBattery,
  type PowerSource,
  parseLinux,
  parseMac,
  parseWindows,
  readPowerSource,
} from '../../src/common/battery';

/** A `uevent` file with these fields. */
function supply(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `POWER_SUPPLY_${name}=${value}\n`)
    .join('');
}

/** A laptop's battery, as its kernel describes it. */
const battery = (status: string) =>
  supply({
    NAME: 'BAT0',
    TYPE: 'Battery',
    STATUS: status,
    PRESENT: '1',
    TECHNOLOGY: 'Li-ion',
    CYCLE_COUNT: '142',
    VOLTAGE_MIN_DESIGN: '11400000',
    ENERGY_FULL: '48000000',
    CAPACITY: '71',
    MODEL_NAME: 'DELL 49VTP27',
  });
const charger = (online: string) => supply({ NAME: 'AC', TYPE: 'Mains', ONLINE: online });
const mouse = supply({
  NAME: 'hidpp_battery_0',
  TYPE: 'Battery',
  ONLINE: '1',
  STATUS: 'Discharging',
  SCOPE: 'Device',
  MODEL_NAME: 'MX Anywhere 3',
  CAPACITY: '35',
});

describe('on Linux', () => {
  it.each<[string, readonly string[], PowerSource]>([
    ['a laptop without its charger', [charger('0'), battery('Discharging')], 'battery'],
    ['a laptop that charges', [charger('1'), battery('Charging')], 'mains'],
    ['a laptop that is full', [charger('1'), battery('Full')], 'mains'],
    ['a laptop that stops charging at 80 %', [charger('1'), battery('Not charging')], 'mains'],
    ['a laptop with a weak charger', [charger('1'), battery('Discharging')], 'mains'],
    [
      'a laptop with a charger at one of its USB ports',
      [
        battery('Discharging'),
        supply({ NAME: 'ucsi-source-psy-USBC000:001', TYPE: 'USB', ONLINE: '0' }),
        supply({ NAME: 'ucsi-source-psy-USBC000:002', TYPE: 'USB', ONLINE: '1' }),
      ],
      'mains',
    ],
    [
      'one of two batteries discharges',
      [battery('Unknown'), battery('Discharging'), charger('0')],
      'battery',
    ],
    ['a desktop with a wireless mouse', [mouse], 'no-battery'],
    ['a laptop on mains with a wireless mouse', [charger('1'), battery('Full'), mouse], 'mains'],
    ['a battery that was taken out', [supply({ TYPE: 'Battery', PRESENT: '0' }), charger('1')], 'no-battery'],
    [
      'an old kernel',
      [supply({ NAME: 'AC', ONLINE: '0' }), supply({ NAME: 'BAT0', STATUS: 'Discharging' })],
      'battery',
    ],
    ['a file that cannot be read', [''], 'no-battery'],
    ['a container', [], 'no-battery'],
  ])('%s', (_, supplies, expected) => {
    expect(parseLinux(supplies)).toBe(expected);
  });
});

describe('on macOS', () => {
  const internal = ' -InternalBattery-0 (id=22806627)\t';
  it.each<[string, string, PowerSource]>([
    [
      'a laptop without its charger',
      `Now drawing from 'Battery Power'\n${internal}78%; discharging; 5:05 remaining present: true\n`,
      'battery',
    ],
    [
      'a laptop that charges',
      `Now drawing from 'AC Power'\n${internal}83%; charging; 1:00 remaining present: true\n`,
      'mains',
    ],
    [
      'a laptop that is full',
      `Now drawing from 'AC Power'\n${internal}100%; charged; 0:00 remaining present: true\n`,
      'mains',
    ],
    ['a desktop', "Now drawing from 'AC Power'\n", 'no-battery'],
    [
      'a desktop without mains',
      "Now drawing from 'UPS Power'\n -Back-UPS ES 700 (id=1234)\t87%; discharging; (no estimate)\n",
      'battery',
    ],
  ])('%s', (_, text, expected) => {
    expect(parseMac(text)).toBe(expected);
  });

  it('refuses another text', () => {
    expect(() => parseMac('')).toThrow(`pmset: found "", expected 'Now drawing from'`);
  });
});

describe('on Windows', () => {
  it.each<[string, string, PowerSource]>([
    ['a laptop without its charger', 'Offline; High\r\n', 'battery'],
    ['a laptop without its charger, nearly empty', 'Offline; Low, Critical\r\n', 'battery'],
    ['a laptop that charges', 'Online; High, Charging\r\n', 'mains'],
    ['a laptop between half and full', 'Online; 0\r\n', 'mains'],
    ['a desktop', 'Online; NoSystemBattery\r\n', 'no-battery'],
    ['a virtual machine', 'Unknown; NoSystemBattery\r\n', 'no-battery'],
    ['a machine that does not know', 'Unknown; Unknown\r\n', 'mains'],
  ])('%s', (_, text, expected) => {
    expect(parseWindows(text)).toBe(expected);
  });

  it('refuses another text', () => {
    expect(() => parseWindows('Add-Type : Cannot add type.')).toThrow('PowerShell: found "Add-Type');
  });
});

it('this machine says where its power comes from', async () => {
  expect(['mains', 'battery', 'no-battery']).toContain(await readPowerSource());
});

it('another system is refused by its name', async () => {
  await expect(readPowerSource('aix')).rejects.toThrow('aix: expected linux, darwin or win32');
});

describe('the watch', () => {
  /** A battery over a system that gives these answers one after the other, and a clock that stands still. */
  function watch(...answers: (PowerSource | Error)[]) {
    const found = { reads: 0, changes: 0, ms: 0 };
    const battery = createBattery({
      onChange: () => found.changes++,
      async read() {
        const answer = answers[Math.min(found.reads++, answers.length - 1)]!;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      clock: { now: () => found.ms },
    });
    return { found, battery };
  }

  it('asks in the background, and tells when the answer is there', async () => {
    const { found, battery } = watch('battery');
    expect(battery.isInUse()).toBe(false);
    await battery.look();
    expect(found).toMatchObject({ reads: 1, changes: 1 });
    expect(battery.isInUse()).toBe(true);
  });

  it('asks at most once a minute', async () => {
    const { found, battery } = watch('battery', 'mains');
    await battery.look();
    found.ms = 59_999;
    expect(await battery.look()).toBe(true);
    expect(found.reads).toBe(1);
    found.ms = 60_000;
    expect(await battery.look()).toBe(false);
    expect(found).toMatchObject({ reads: 2, changes: 2 });
  });

  it('asks once for two that want to know at the same time', async () => {
    const { found, battery } = watch('battery');
    expect(await Promise.all([battery.look(), battery.look()])).toEqual([true, true]);
    expect(found.reads).toBe(1);
  });

  it('asks a machine without a battery only once', async () => {
    const { found, battery } = watch('no-battery');
    await battery.look();
    found.ms = 1e9;
    expect(await battery.look()).toBe(false);
    expect(found).toMatchObject({ reads: 1, changes: 0 });
  });

  it('takes a machine that does not say for one on mains, and asks again a minute later', async () => {
    const { found, battery } = watch(new Error('no such program'), 'battery');
    expect(await battery.look()).toBe(false);
    found.ms = 60_000;
    expect(await battery.look()).toBe(true);
  });
});
