/**
 * Adds an ending to paths that do not show the language. A cell has the path of its notebook, and an untitled document
 * has a name without an ending.
 */

/**
 * @param languageId VS Code's id of the language
 * @returns the path with the language's usual ending in place of a notebook's ending; unchanged if it has another ending
 */
export function pathInLanguage(path: string, languageId: string): string {
  const ending = endings.get(languageId);
  const bare = path.replace(/\.(ipynb|dib)$/i, '');
  const hasEnding = /[^/]\.\w+$/.test(bare);
  return ending === undefined || hasEnding ? path : `${bare}.${ending}`;
}

const endings: ReadonlyMap<string, string> = new Map([
  ...words(
    'c cpp css dart go groovy html java json less lua php r scala scss sql svelte swift vue xml yaml zig',
  ).map(same => [same, same] as const),
  ['clojure', 'clj'],
  ['csharp', 'cs'],
  ['elixir', 'ex'],
  ['erlang', 'erl'],
  ['fsharp', 'fs'],
  ['haskell', 'hs'],
  ['javascript', 'js'],
  ['javascriptreact', 'jsx'],
  ['jsonc', 'json'],
  ['julia', 'jl'],
  ['kotlin', 'kt'],
  ['latex', 'tex'],
  ['markdown', 'md'],
  ['perl', 'pl'],
  ['powershell', 'ps1'],
  ['python', 'py'],
  ['ruby', 'rb'],
  ['rust', 'rs'],
  ['shellscript', 'sh'],
  ['typescript', 'ts'],
  ['typescriptreact', 'tsx'],
]);

function words(text: string): string[] {
  return text.split(' ');
}
