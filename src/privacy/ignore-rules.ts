/**
 * The files in which a workspace says what no assistant may see, in the syntax of `.gitignore` and, as there, in any
 * folder: what a deeper one says comes later. Pure: the editor reads the files and says when one has changed.
 */
import ignore, { type Ignore } from 'ignore';

/** What `.gitignore` names may be completed, but is no context for other files. */
const namesFor = {
  completion: ['.copilotignore', '.cursorignore', '.aiexclude'],
  context: ['.copilotignore', '.cursorignore', '.aiexclude', '.gitignore'],
} as const;

/** What a file is wanted for: to be completed itself, or to be shown to the model beside another. */
export type Purpose = keyof typeof namesFor;

/** All names that are looked for. */
export const ignoreFileNames: readonly string[] = namesFor.context;

export interface IgnoreRules {
  /**
   * @param path relative to the workspace folder, with `/`
   * @throws Error if an ignore file could not be read
   */
  isIgnored(path: string, purpose: Purpose): Promise<boolean>;
}

/** By the ignore file's name, apart: what one file takes back with `!` is only what files of its name have said. */
type FolderRules = ReadonlyMap<string, Ignore>;

/**
 * Reads what lies on the way to a file that is asked about, once.
 * @param read the text of a file, by its path relative to the workspace folder; empty where there is none
 */
export function createIgnoreRules(read: (path: string) => Promise<string>): IgnoreRules {
  const known = new Map<string, Promise<FolderRules>>();

  const readRules = async (folder: string): Promise<FolderRules> => {
    const [above, texts] = await Promise.all([
      folder === '' ? undefined : rulesOf(folderOf(folder)),
      Promise.all(ignoreFileNames.map(name => read(folder === '' ? name : `${folder}/${name}`))),
    ]);
    const depth = folder === '' ? 0 : folder.split('/').length;
    return new Map(
      ignoreFileNames.map((name, index) => {
        const rules = above?.get(name) ?? ignore();
        const text = texts[index]!;
        return [name, text === '' ? rules : ignore().add(rules).add(patternsAt(depth, text))];
      }),
    );
  };

  const rulesOf = (folder: string): Promise<FolderRules> => {
    const last = known.get(folder);
    if (last !== undefined) return last;
    const rules = readRules(folder);
    known.set(folder, rules);
    // A file that could not be read may be readable the next time.
    rules.catch(() => known.delete(folder));
    return rules;
  };

  return {
    async isIgnored(path, purpose) {
      if (!ignore.isPathValid(path)) return false;
      const rules = await rulesOf(folderOf(path));
      return namesFor[purpose].some(name => rules.get(name)!.ignores(path));
    },
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/**
 * The patterns of a file so many folders deep as patterns of the outermost: among those of the folders above they count
 * in their order, as in Git. Which folders they are needs no saying, because the rules are asked of files below it only.
 */
function patternsAt(depth: number, text: string): string {
  if (depth === 0) return text;
  return text
    .split(/\r?\n/)
    .flatMap(line => {
      if (line.trim() === '' || line.startsWith('#')) return [];
      const [, not = '', slash = '', pattern = ''] = /^(!?)(\/?)(.*)$/.exec(line)!;
      if (pattern.trim() === '' || pattern.startsWith('/')) return [];
      // A slash at the beginning or in the middle ties a pattern to its folder.
      const isTied = slash !== '' || /\/(?! *$)/.test(pattern);
      return [`${not}/${'*/'.repeat(depth)}${isTied ? '' : '**/'}${pattern}`];
    })
    .join('\n');
}
