/** The two models that ship, and their names in the settings. Knows folders, and opens nothing. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The words of the setting `sotto.model`: `small` answers sooner, `large` is right more often. */
export type BundledModel = 'small' | 'large';

const folders: Readonly<Record<BundledModel, string>> = {
  small: 'models/sotto-starter',
  large: 'models/sotto-113m',
};

/** @param root the folder of the checkout, or of the installed extension */
export function bundledFolder(root: string, model: BundledModel): string {
  return join(root, folders[model]);
}

export function isBundledModel(name: string): name is BundledModel {
  return name === 'small' || name === 'large';
}

/** A checkout may lack the large one. */
export function isThere(root: string, model: BundledModel): boolean {
  return existsSync(join(bundledFolder(root, model), 'sotto.json'));
}

/** Those that are there, each with the word that the setting has for it and its folder. */
export function bundledModels(root: string): { readonly value: BundledModel; readonly path: string }[] {
  const models = (['small', 'large'] as const).filter(model => isThere(root, model));
  return models.map(value => ({ value, path: bundledFolder(root, value) }));
}

/** The better one of those that are there. */
export function bestBundledModel(root: string): BundledModel {
  return isThere(root, 'large') ? 'large' : 'small';
}

/** @param model 'small' or 'large', or the path of another model @returns its path */
export function modelPathOf(root: string, model: string): string {
  return isBundledModel(model) ? bundledFolder(root, model) : model;
}
