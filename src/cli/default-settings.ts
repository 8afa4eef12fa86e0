/** The defaults that package.json defines; in the editor, VS Code fills them in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompletionSettings, readSettings } from '../settings/settings';

/** @param root of the checkout */
export function defaultSettings(root: string): CompletionSettings {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const sections = manifest.contributes.configuration.map(section => section.properties);
  const properties: Manifest['contributes']['configuration'][number]['properties'] = Object.assign(
    {},
    ...sections,
  );
  return readSettings(name => properties[`sotto.${name}`]?.default);
}

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Record<string, { readonly default: unknown }> }[];
  };
}
