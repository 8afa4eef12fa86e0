/** Every text that a user reads is there in English and in Chinese. `npm run texts` writes the file of the English texts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { extractTexts } from '../../scripts/extract-texts.mjs';
import { faultsOfTranslation, type Texts, unknownCommands } from './faults-of-translation';
import { textsOfLoading, untranslatedTexts } from './untranslated-texts';

const manifest = readFileSync('package.json', 'utf8');
const english = { manifest: texts('package.nls.json'), sources: texts('l10n/bundle.l10n.json') };
const chinese = { manifest: texts('package.nls.zh-cn.json'), sources: texts('l10n/bundle.l10n.zh-cn.json') };

/** These make lines of the log, which stays English. */
const inLog = ['describe', 'origins'];

it('package.json uses every text of package.nls.json, and no other', () => {
  const used = Array.from(manifest.matchAll(/"%([\w.-]+)%"/g), ([, key]) => key);
  expect([...new Set(used)].sort()).toEqual(Object.keys(english.manifest).sort());
});

it('package.json itself has no text but the name', () => {
  expect(ownTexts(JSON.parse(manifest).contributes).filter(text => text !== 'Sotto')).toEqual([]);
});

// The extractor parses with WebAssembly. Its grammar takes seconds to load on a busy machine.
it('l10n/bundle.l10n.json has the texts of the sources', { timeout: 120_000 }, async () => {
  expect(english.sources).toEqual(await extractTexts());
});

it.each(['manifest', 'sources'] as const)('each text of the %s has a Chinese one with the same marks', of => {
  expect(faultsOfTranslation(english[of], chinese[of])).toEqual([]);
});

it.each([
  ['English', english],
  ['Chinese', chinese],
])('a command that a text mentions has this title in %s', (_, { manifest: own }) => {
  expect(unknownCommands(own)).toEqual([]);
});

it('a page of the walkthrough is there in Chinese too', () => {
  const pages = Array.from(manifest.matchAll(/"markdown": "(media\/.+)\.md"/g), ([, page]) => page);
  expect(pages.filter(page => !existsSync(`${page}.nls.zh-cn.md`))).toEqual([]);
});

it('a text that the editor shows passes through l10n.t', () => {
  const sources = filesOf('src').filter(isForTheUser);
  expect(sources.flatMap(path => prefixed(path, untranslatedTexts(read(path), inLog)))).toEqual([]);
});

// VS Code sets the language of its own `l10n` before it loads Sotto. That of the library is set by `activate`.
it('no file without VS Code asks for a text while it is loaded', () => {
  const sources = filesOf('src').filter(path => read(path).includes("'@vscode/l10n'"));
  expect(sources.flatMap(path => prefixed(path, textsOfLoading(read(path)).map(String)))).toEqual([]);
});

it('the Chinese page about the transformer names the same functions, numbers and pictures', () => {
  const page = 'docs/how-a-transformer-completes-code';
  const facts = /\[`\w+`\]\([^)]+\)|\]\([\w-]+\.svg\)|^\| `\w+` \||\b\d+(?:\.\d+)*\b|^ {4}npm .*$/gm;
  const [original, translated] = ['md', 'zh-CN.md'].map(end => factsOf(read(`${page}.${end}`), facts));
  expect(translated).toEqual(original);
});

it('the Chinese README has only settings and figures of the English one', () => {
  const facts = /`sotto\.\w+`|\b\d[\d.]* (?:%|ms)/g;
  const original = factsOf(read('README.md'), facts);
  expect(factsOf(read('README.zh-CN.md'), facts).filter(fact => !original.includes(fact))).toEqual([]);
});

/** What a translated page must have too. */
function factsOf(page: string, facts: RegExp): readonly string[] {
  return [...new Set(page.match(facts))].sort();
}

/** Files that speak to the user: those that know VS Code, and those that translate something already. */
function isForTheUser(path: string): boolean {
  const isOfEditor = /^src\/(editor\/|extension\.ts)|\.vscode\.ts$/.test(path);
  return isOfEditor || read(path).includes("'@vscode/l10n'");
}

/** Titles and descriptions anywhere in a manifest that are no keys. */
function ownTexts(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([field, value]) => {
    const isShown = /^(title|label|altText)$|[dD]escriptions?$|Message$/.test(field);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const own = values.flatMap(one => (typeof one === 'string' && !/^%.+%$/.test(one) ? [one] : []));
    return [...(isShown ? own : []), ...ownTexts(value)];
  });
}

function texts(path: string): Texts {
  return JSON.parse(read(path));
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function filesOf(folder: string): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.filter(path => path.endsWith('.ts')).map(path => `${folder}/${path.replaceAll('\\', '/')}`);
}

function prefixed(path: string, lines: readonly string[]): readonly string[] {
  return lines.map(line => `${path}:${line}`);
}
