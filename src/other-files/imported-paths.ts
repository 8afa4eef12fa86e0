/**
 * Which files a document imports, by its text and simple rules of paths: relative imports of TypeScript, JavaScript and
 * Python, and Python's absolute ones from a folder that the document lies in. Pure: whoever asks looks which are there.
 */

/** Imports that are looked for, at most, from the first on. */
const mostImports = 24;

/**
 * @param path of the document, with `/`
 * @returns for each import the paths that it may stand for, the likeliest first
 */
export function importedPaths(path: string, text: string): readonly (readonly string[])[] {
  const found = /\.pyi?$/.test(path) ? pythonImports(path, text) : scriptImports(path, text);
  const byFirst = new Map(found.map(paths => [paths[0], paths]));
  return [...byFirst.values()].slice(0, mostImports);
}

const scriptImport = /\b(?:from|import|require)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]*)\1/g;
const scriptEndings = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.vue', '.svelte', '/index.ts', '/index.js'];

function scriptImports(path: string, text: string): readonly (readonly string[])[] {
  return [...text.matchAll(scriptImport)].flatMap(([, , name]) => {
    const target = join(folderOf(path), name!);
    if (target === undefined) return [];
    // TypeScript is imported by the name that its output will have.
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
    // `from . import name` names a module or something of the package itself.
    const modules = name === undefined ? [module] : [module, `${module}/${name}`];
    return [modules.flatMap(one => [`${one}.py`, `${one}/__init__.py`])];
  });
}

/** The folder that holds the package `name`, if the document lies in that package. */
function packageFolder(path: string, name: string | undefined): string | undefined {
  const folders = folderOf(path).split('/');
  const at = name === undefined ? -1 : folders.lastIndexOf(name);
  return at === -1 ? undefined : folders.slice(0, at).join('/');
}

function ancestor(folder: string, levels: number): string | undefined {
  const parts = folder.split('/');
  return levels < parts.length ? parts.slice(0, parts.length - levels).join('/') : undefined;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** @returns undefined above the root */
function join(folder: string, name: string): string | undefined {
  const parts = folder.split('/');
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
