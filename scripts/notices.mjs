/** The licences of what is inside the bundles, collected from the packages themselves. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.mjs';

/**
 * Writes `dist/THIRD-PARTY-NOTICES.txt`.
 * @param {readonly string[]} sources files that went into the bundles, relative to the root
 */
export function writeNotices(sources) {
  const packages = new Set(sources.map(packageOf).filter(name => name !== undefined));
  const notices = [...packages].sort().map(notice);
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), `${notices.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

/** @param {string} source */
function packageOf(source) {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
}

/** @param {string} name */
function notice(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license, author, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
  const heading = `${name} ${version} (${license})`;
  if (file !== undefined) return `${heading}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  // ONNX Runtime's npm packages name their licence but carry no text of it.
  const holder = typeof author === 'string' ? author : (author?.name ?? 'its authors');
  return `${heading}\n\nCopyright (c) ${holder}. ${repository?.url ?? ''}\n`;
}
