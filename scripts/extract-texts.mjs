/**
 * `npm run texts`: writes `l10n/bundle.l10n.json`, the texts that the sources pass to `l10n.t`, and prints those that
 * have no translation yet. Texts of `package.json` are in `package.nls.json`, which is written by hand.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requireInstalled } from './install.mjs';

const root = join(import.meta.dirname, '..');
const bundle = join(root, 'l10n/bundle.l10n.json');
const chinese = join(root, 'l10n/bundle.l10n.zh-cn.json');

/** @returns {Promise<Record<string, string>>} each text under itself, in order, as VS Code looks it up */
export async function extractTexts() {
  const { getL10nJson } = await import('@vscode/l10n-dev');
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => ({ extension: '.ts', contents: readFileSync(join(root, 'src', path), 'utf8') }))
    // The extractor is slow, and most sources show no text.
    .filter(({ contents }) => contents.includes('l10n.t('));
  const texts = /** @type {Record<string, string>} */ (await getL10nJson(sources));
  return Object.fromEntries(Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await requireInstalled();
  const texts = await extractTexts();
  writeFileSync(bundle, `${JSON.stringify(texts, undefined, 2)}\n`);
  const translated = JSON.parse(readFileSync(chinese, 'utf8'));
  for (const text of Object.keys(texts)) if (!(text in translated)) console.log(`not translated: ${text}`);
}
