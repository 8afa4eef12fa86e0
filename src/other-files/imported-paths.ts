/**
 * Finds the files that a document imports, by its text and simple rules of paths: relative imports of TypeScript,
 * JavaScript and Python, and Python's absolute imports from a package that the document is in. Nothing is read, so the
 * caller checks which of the files exist.
 */
import { folderOf } from '../document/document-snapshot';

/** Only the first imports of a document are taken. */
const maxImports = 24;

/**
 * @param path of the document, with `/`
 * @returns for each import the paths that it may mean, the likeliest first
 */
export function importedPaths(path: string, text: string): readonly (readonly string[])[] {
  const found = /\.pyi?$/.test(path) ? pythonImports(path, text) : scriptImports(path, text);
  const byFirst = new Map(found.map(paths => [paths[0], paths]));
  return [...byFirst.values()].slice(0, maxImports);
}

const scriptImport = /\b(?:from|import|require)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]*)\1/g;
const scriptEndings = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.vue', '.svelte', '/index.ts', '/index.js'];

function scriptImports(path: string, text: string): readonly (readonly string[])[] {
  return [...text.matchAll(scriptImport)].flatMap(([, , name]) => {
    const target = join(folderOf(path), name!);
    if (target === undefined) return [];
    // TypeScript imports a source by the name of its output.
    const source = target.replace(/\.([mc]?)js(x?)$/, '.$1ts$2');
    const whole = /\.\w+$/.test(target) ? [...new Set([source, target])] : [];
    return [[...whole, ...scriptEndings.map(ending => target + ending)]];
  });
}

const pythonImport =
  /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+\(?[ \t]*(\w+)|import[ \t]+([\w.]+))/gm;

function pythonImports(path: string, text: string): readonly (readonly string[])[] {
  return [...text.matchAll(pythonImport)].flatMap(([, dots = '', from, name, whole]) => {
    const parts = (from ?? whole ?? '').split('.').filter(Boolean);
    const base = dots === '' ? packageFolder(path, parts[0]) : ancestor(folderOf(path), dots.length - 1);
    if (base === undefined) return [];
    const module = [base, ...parts].join('/');
    // In `from . import name`, the name is a module of the package, or something defined in the package itself.
    const modules = name === undefined ? [module] : [module, `${module}/${name}`];
    return [modules.flatMap(one => [`${one}.py`, `${one}/__init__.py`])];
  });
}

/** @returns the folder that contains the package `name`; undefined if the document is not in that package */
function packageFolder(path: string, name: string | undefined): string | undefined {
  const folders = folderOf(path).split('/');
  const at = name === undefined ? -1 : folders.lastIndexOf(name);
  return at === -1 ? undefined : folders.slice(0, at).join('/');
}

function ancestor(folder: string, levels: number): string | undefined {
  const parts = folder.split('/');
  return levels < parts.length ? parts.slice(0, parts.length - levels).join('/') : undefined;
}

/** @returns undefined if the path leads above the root */
function join(folder: string, name: string): string | undefined {
  const parts = folder.split('/');
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
