import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { installAtomically } from '../../scripts/install-atomically.mjs';
import { temporaryFolder } from '../temporary-folder';

vi.mock(import('node:fs/promises'), async importOriginal => {
  const original = await importOriginal();
  return { ...original, rm: vi.fn(original.rm) };
});

test('an installation is complete, and its work folder is removed', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'tool');
  await installAtomically(
    folder,
    async () => existsSync(folder),
    async workFolder => {
      const built = join(workFolder, 'built');
      mkdirSync(built);
      writeFileSync(join(built, 'file'), '');
      return built;
    },
  );
  expect(readdirSync(parent)).toEqual(['tool']);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('an installation that fails says why, even if its work folder cannot be removed', async () => {
  vi.mocked(rm).mockRejectedValueOnce(new Error('EBUSY: resource busy or locked'));
  const folder = join(temporaryFolder(), 'tool');
  const build = () => Promise.reject(new Error('no network'));
  await expect(installAtomically(folder, async () => false, build)).rejects.toThrow('no network');
});
