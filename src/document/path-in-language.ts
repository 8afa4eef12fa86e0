/** The names of files where they do not say the language: a cell's is its notebook's, an untitled document has none. */

/**
 * @param languageId VS Code's name for the language
 * @returns the path with the language's usual ending, in place of a notebook's; as it is where it has another
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
