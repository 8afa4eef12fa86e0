import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  isBatteryInPmset,
  isBatteryInWindows,
  readLinux,
  readPower,
  watchPower,
} from '../../src/bundled-models/power';
import { temporaryFolder } from '../temporary-folder';

describe('Linux', () => {
  type Supplies = Readonly<Record<string, Readonly<Record<string, string>>>>;

  function check(supplies: Supplies, expected: boolean): Promise<void> {
    const folder = temporaryFolder();
    for (const [name, fields] of Object.entries(supplies)) {
      mkdirSync(join(folder, name));
      for (const [field, value] of Object.entries(fields))
        writeFileSync(join(folder, name, field), `${value}\n`);
    }
    return expect(readLinux(folder)).resolves.toBe(expected);
  }

  const used = { type: 'Battery', status: 'Discharging' };

  it('runs on a battery that is used up while no mains feeds it', () =>
    check({ AC: { type: 'Mains', online: '0' }, BAT0: used }, true));
  it('without any word of mains, the battery decides', () => check({ BAT0: used }, true));
  it('does not while mains feeds it', () => check({ AC: { type: 'Mains', online: '1' }, BAT0: used }, false));
  it('does not while USB feeds it', () => check({ ucsi: { type: 'USB', online: '1' }, BAT0: used }, false));
  it('does not with a full battery', () => check({ BAT0: { type: 'Battery', status: 'Full' } }, false));
  it("does not if the battery is a mouse's", () => check({ mouse: { ...used, scope: 'Device' } }, false));
  it('does not without a battery', () => check({}, false));
  it('does not where the system has no such folder', () =>
    expect(readLinux(join(temporaryFolder(), 'none'))).resolves.toBe(false));
});

it.each([
  ["Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t87%; discharging; 4:02 remaining", true],
  ["Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t100%; charged", false],
  ["Now drawing from 'AC Power'\n", false],
  ['', false],
])('macOS: pmset says %j', (text, expected) => expect(isBatteryInPmset(text)).toBe(expected));

it.each([
  ['1\r\n', true],
  ['2\r\n', false],
  ['1\r\n2\r\n', false],
  ['', false],
])('Windows: the statuses of its batteries are %j', (text, expected) =>
  expect(isBatteryInWindows(text)).toBe(expected),
);

it('this computer answers', () => expect(readPower()).resolves.toBeTypeOf('boolean'));

describe('the watch', () => {
  function watch(answers: boolean[]) {
    let time = 0;
    const read = vi.fn(() => Promise.resolve(answers.shift() ?? false));
    const onChange = vi.fn();
    const power = watchPower(onChange, read, () => time);
    const refreshAt = async (ms: number) => {
      time = ms;
      power.refresh();
      await Promise.resolve();
      await Promise.resolve();
    };
    return { power, read, onChange, refreshAt };
  }

  it('counts as plugged in before it has asked', () => expect(watch([true]).power.isOnBattery).toBe(false));

  it('asks at the first call, and not again within a minute', async () => {
    const { power, read, onChange, refreshAt } = watch([true, false]);
    await refreshAt(0);
    await refreshAt(59_999);
    expect(read).toHaveBeenCalledTimes(1);
    expect(power.isOnBattery).toBe(true);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('says nothing if the answer is the same', async () => {
    const { onChange, refreshAt } = watch([false, false]);
    await refreshAt(0);
    await refreshAt(300_000);
    expect(onChange).not.toHaveBeenCalled();
  });
});
