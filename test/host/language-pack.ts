/** Lets a VS Code believe that a language pack is installed, so that it and its extensions speak that language. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes what VS Code itself writes when it installs a pack. This pack translates nothing: VS Code's own texts stay
 * English, and an extension takes its own translations.
 * @param language as VS Code spells it, such as `zh-cn`
 */
export function writeLanguagePack(userDataFolder: string, language: string): void {
  mkdirSync(userDataFolder, { recursive: true });
  const texts = join(userDataFolder, 'empty.i18n.json');
  writeFileSync(texts, JSON.stringify({ contents: {} }));
  const pack = {
    hash: 'sotto',
    label: language,
    extensions: [{ extensionIdentifier: { id: 'sotto.empty-language-pack' }, version: '1.0.0' }],
    translations: { vscode: texts },
  };
  writeFileSync(join(userDataFolder, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}
