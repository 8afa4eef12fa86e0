/**
 * The files in which a workspace says what no assistant may see, in the syntax of `.gitignore`. Pure: the editor reads
 * the files and says which they are.
 */
import ignore from 'ignore';

/** Of the workspace folder's own level. What `.gitignore` names may be completed, but is no context for other files. */
const namesFor = {
  completion: ['.copilotignore', '.cursorignore', '.aiexclude'],
  context: ['.copilotignore', '.cursorignore', '.aiexclude', '.gitignore'],
} as const;

/** What a file is wanted for: to be completed itself, or to be shown to the model beside another. */
export type Purpose = keyof typeof namesFor;

/** All names that are looked for. */
export const ignoreFileNames: readonly string[] = namesFor.context;

export interface IgnoreRules {
  /** @param path relative to the folder, with `/` */
  isIgnored(path: string, purpose: Purpose): boolean;
}

/** @param texts of one folder's ignore files, by name */
export function createIgnoreRules(texts: ReadonlyMap<string, string>): IgnoreRules {
  // Apart: what one file takes back with `!` is only what it has said itself.
  const rules = (names: readonly string[]) => names.map(name => ignore().add(texts.get(name) ?? ''));
  const byPurpose = { completion: rules(namesFor.completion), context: rules(namesFor.context) };
  return {
    isIgnored: (path, purpose) =>
      ignore.isPathValid(path) && byPurpose[purpose].some(file => file.ignores(path)),
  };
}
