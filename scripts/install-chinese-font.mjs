// Installs a font with Chinese letters for the browser that takes the Chinese pictures, from the npm package
// @expo-google-fonts/noto-sans-sc 0.4.3. Everything comes from npm's registry. The font is no dependency of the project:
// only `npm run pictures` installs it, and only that browser sees it.

import { access, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNpm } from './child-process.mjs';
import { installAtomically } from './install-atomically.mjs';

const version = '0.4.3';
const defaultCacheFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '.cache');
/** The package has nine weights of 10 MB. VS Code needs two. */
const files = ['LICENSE_FONT', '400Regular/NotoSansSC_400Regular.ttf', '700Bold/NotoSansSC_700Bold.ttf'];

/** @typedef {(line: string) => void} Log */

/**
 * Installs the font unless it is installed. Needs network, npm, a few seconds and 21 MB (160 MB for a moment).
 *
 * @param {{ cacheFolder?: string, log?: Log }} [options] `cacheFolder` is the parent of the installation
 * @returns {Promise<string>} a file for FONTCONFIG_FILE: the machine's own fonts and this one
 */
export async function installChineseFont({ cacheFolder = defaultCacheFolder, log = () => {} } = {}) {
  const folder = join(resolve(cacheFolder), `noto-sans-sc-${version}`);
  const configuration = join(folder, 'chinese.conf');
  const isInstalled = () =>
    access(configuration).then(
      () => true,
      () => false,
    );
  await installAtomically(folder, isInstalled, async workFolder => {
    log(`Installing a Chinese font (@expo-google-fonts/noto-sans-sc ${version}) into ${folder}`);
    await writeFile(join(workFolder, 'package.json'), '{ "private": true }');
    await runNpm(['install', `@expo-google-fonts/noto-sans-sc@${version}`], { folder: workFolder, log });
    const unpacked = join(workFolder, 'node_modules', '@expo-google-fonts', 'noto-sans-sc');
    const kept = join(workFolder, 'kept');
    for (const file of files) {
      const copy = join(kept, file);
      await mkdir(dirname(copy), { recursive: true });
      await copyFile(join(unpacked, file), copy);
    }
    await writeFile(join(kept, 'chinese.conf'), fontsConfiguration);
    return kept;
  });
  return configuration;
}

// `fonts.conf` is the one that the browser would read without this file. Its fonts come first.
const fontsConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">fonts.conf</include>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
