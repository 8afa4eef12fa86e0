/**
 * The rules of ignore files, with which a workspace keeps files from assistants. Their syntax is that of `.gitignore`. As
 * in Git, every folder may have one, and the rules of a deeper folder come later. Files are read through a function, so
 * nothing here knows VS Code.
 */
import ignore, { type Ignore } from 'ignore';
import { folderOf } from '../document/document-snapshot';

/** A file that only `.gitignore` names may be completed, but it is not shown to the model beside other files. */
const namesFor = {
  completion: ['.copilotignore', '.cursorignore', '.aiexclude'],
  context: ['.copilotignore', '.cursorignore', '.aiexclude', '.gitignore'],
} as const;

/** Why Sotto wants to read a file: to complete it, or to show it to the model beside another file. */
export type Purpose = keyof typeof namesFor;

/** The names of all ignore files. */
export const ignoreFileNames: readonly string[] = namesFor.context;

export interface IgnoreRules {
  /**
   * @param path relative to the workspace folder, with `/`
   * @throws Error if an ignore file could not be read
   */
  isIgnored(path: string, purpose: Purpose): Promise<boolean>;
}

/** Rules by the ignore file's name. They are kept apart because `!` takes back only rules of files with the same name. */
type FolderRules = ReadonlyMap<string, Ignore>;

/**
 * Reads the ignore files of a folder once, when a file in it or below it is asked about first.
 * @param read the text of an ignore file, by its path relative to the workspace folder; empty if there is none
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
    // Reading may succeed the next time.
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

/**
 * Rewrites the patterns of an ignore file as patterns of the workspace folder, `depth` folders above, so that the rules
 * of all folders are one list in Git's order. The folders' names become `*`, because only files below this folder are
 * checked against its rules.
 */
function patternsAt(depth: number, text: string): string {
  if (depth === 0) return text;
  return text
    .split(/\r?\n/)
    .flatMap(line => {
      if (line.trim() === '' || line.startsWith('#')) return [];
      const [, not = '', slash = '', pattern = ''] = /^(!?)(\/?)(.*)$/.exec(line)!;
      if (pattern.trim() === '' || pattern.startsWith('/')) return [];
      // A pattern with a slash at the beginning or in the middle counts only from its own folder.
      const isTied = slash !== '' || /\/(?! *$)/.test(pattern);
      return [`${not}/${'*/'.repeat(depth)}${isTied ? '' : '**/'}${pattern}`];
    })
    .join('\n');
}

/**
 * Decodes an ignore file: UTF-16 if its byte-order mark says so, otherwise UTF-8. PowerShell 5.1 writes UTF-16 for
 * `echo private/ > .copilotignore`. The mark is left out; invalid bytes become U+FFFD.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}
