/** Languages and the endings of their files. */

/**
 * A path whose ending shows the language: a cell has the path of its notebook, and an untitled document has a name without
 * an ending.
 * @param languageId VS Code's id of the language
 * @returns the path with the language's usual ending in place of a notebook's ending; unchanged if it has another ending
 */
export function pathInLanguage(path: string, languageId: string): string {
  const ending = endings.get(languageId)?.[0];
  const bare = path.replace(/\.(ipynb|dib)$/i, '');
  const hasEnding = /[^/]\.\w+$/.test(bare);
  return ending === undefined || hasEnding ? path : `${bare}.${ending}`;
}

/** @returns VS Code's id of the language of a file with this ending; empty if it is not known */
export function languageOfPath(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return languagesOfNames.get(name) ?? languagesOfEndings.get(name.slice(name.lastIndexOf('.') + 1)) ?? '';
}

/** Of each language the usual ending first. */
const endings: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    bat: 'bat cmd',
    c: 'c h',
    clojure: 'clj cljs cljc edn',
    cmake: 'cmake',
    cpp: 'cpp cc cxx hpp hh hxx',
    csharp: 'cs csx',
    css: 'css',
    dart: 'dart',
    elixir: 'ex exs',
    erlang: 'erl hrl',
    fortran: 'f90 f95 f03 f08 f for',
    fsharp: 'fs fsi fsx',
    go: 'go',
    groovy: 'groovy gradle',
    haskell: 'hs',
    html: 'html htm xhtml',
    ini: 'ini cfg conf',
    java: 'java',
    javascript: 'js mjs cjs',
    javascriptreact: 'jsx',
    json: 'json',
    jsonc: 'jsonc json',
    julia: 'jl',
    kotlin: 'kt kts',
    latex: 'tex',
    less: 'less',
    lua: 'lua',
    makefile: 'mk',
    markdown: 'md markdown',
    matlab: 'm',
    'objective-c': 'm',
    ocaml: 'ml mli',
    pascal: 'pas pp dpr',
    perl: 'pl pm',
    php: 'php',
    powershell: 'ps1 psm1 psd1',
    python: 'py pyi pyw',
    r: 'r',
    ruby: 'rb rake gemspec',
    rust: 'rs',
    scala: 'scala sc',
    scss: 'scss',
    shellscript: 'sh bash zsh ksh',
    sql: 'sql',
    svelte: 'svelte',
    swift: 'swift',
    toml: 'toml',
    typescript: 'ts mts cts',
    typescriptreact: 'tsx',
    vb: 'vb bas',
    vue: 'vue',
    xml: 'xml xsd xsl svg',
    yaml: 'yaml yml',
    zig: 'zig',
  }).map(([id, all]) => [id, all.split(' ')] as const),
);

/** The first language of each ending. */
const languagesOfEndings: ReadonlyMap<string, string> = new Map(
  [...endings].reverse().flatMap(([id, all]) => all.map(ending => [ending, id] as const)),
);

const languagesOfNames: ReadonlyMap<string, string> = new Map([
  ['makefile', 'makefile'],
  ['cmakelists.txt', 'cmake'],
  ['dockerfile', 'dockerfile'],
  ['gemfile', 'ruby'],
  ['rakefile', 'ruby'],
]);
