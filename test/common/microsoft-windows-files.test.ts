import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renamePatiently as renameInScripts } from '../../scripts/rename-patiently.mjs';
import { type Renaming, renamePatiently, upperCaseDrive } from '../../src/common/microsoft-windows-files';
import { temporaryFolder } from '../temporary-folder';

describe.each([
  ['in the bundles', renamePatiently],
  ['in the scripts', renameInScripts],
])('the rename %s', (_, renameTested) => {
  interface Outcome {
    readonly waits: readonly number[];
    /** The code that it failed with. */
    readonly code: string | undefined;
  }

  /** Renames a folder on a disk that refuses with `codes` in turn, and then does it. */
  async function renameAgainst(
    codes: readonly string[],
    platform: NodeJS.Platform = 'win32',
    prepare = (_to: string) => {},
  ): Promise<Outcome> {
    const folder = temporaryFolder();
    const [from, to] = [join(folder, 'unfinished'), join(folder, 'finished')];
    mkdirSync(from);
    writeFileSync(join(from, 'file'), '');
    prepare(to);
    const left = [...codes];
    const waits: number[] = [];
    const renaming: Renaming = {
      platform,
      rename() {
        const code = left.shift();
        if (code !== undefined) throw Object.assign(new Error(code), { code });
        renameSync(from, to);
      },
      wait: ms => void waits.push(ms),
    };
    try {
      await renameTested(from, to, renaming);
      expect(existsSync(join(to, 'file'))).toBe(true);
      return { waits, code: undefined };
    } catch (error) {
      expect(existsSync(join(to, 'file'))).toBe(false);
      return { waits, code: (error as NodeJS.ErrnoException).code };
    }
  }

  it('is done at once if nothing is in the way', async () =>
    expect(await renameAgainst([])).toEqual({ waits: [], code: undefined }));

  it('waits longer after each refusal', async () =>
    expect(await renameAgainst(['EPERM', 'EACCES', 'EBUSY'])).toEqual({
      waits: [50, 100, 200],
      code: undefined,
    }));

  it('gives up after half a minute', async () => {
    const { waits, code } = await renameAgainst(new Array(1000).fill('EBUSY'));
    const sum = waits.reduce((all, ms) => all + ms, 0);
    expect(code).toBe('EBUSY');
    expect(sum).toBeGreaterThanOrEqual(30_000);
    expect(sum).toBeLessThan(32_000);
    expect(Math.max(...waits)).toBe(2_000);
  });

  it('does not wait after an error of another kind', async () =>
    expect(await renameAgainst(['ENOSPC'])).toEqual({ waits: [], code: 'ENOSPC' }));

  it('does not wait if the name is taken', async () =>
    expect(await renameAgainst(['EPERM'], 'win32', to => mkdirSync(to))).toEqual({
      waits: [],
      code: 'EPERM',
    }));

  it.each(['linux', 'darwin'] as const)('does not wait on %s', async platform =>
    expect(await renameAgainst(['EPERM'], platform)).toEqual({ waits: [], code: 'EPERM' }),
  );
});

it.each([
  ['c:\\Users\\a', 'C:\\Users\\a'],
  ['C:\\Users\\a', 'C:\\Users\\a'],
  ['d:/a', 'D:/a'],
  ['/home/a', '/home/a'],
  ['\\\\server\\a', '\\\\server\\a'],
  ['ab:/a', 'ab:/a'],
])('with an upper-case drive, %j is %j', (path, expected) => expect(upperCaseDrive(path)).toBe(expected));
