/** Whether a suggestion is wanted at a place, and how much of one. Pure: looks at the text and the settings only. */
import {
  type DocumentSnapshot,
  followingLines,
  linePrefix,
  lineSuffix,
} from '../../document/document-snapshot';
import { indentationOf, startsInWord } from '../../document/words';
import { isSecret } from '../../privacy/is-secret';
import { type CompletionSettings, isLanguageEnabled } from '../../settings/settings';

/** 'automatic': the user is typing. 'manual': the user asked. */
export type TriggerKind = 'automatic' | 'manual';

/** How far a suggestion goes: to the end of the line, or to the end of the indented block. */
export type Scope = 'line' | 'block';

/** Why no suggestion is wanted. 'ignored' and 'undo' only the editor knows. */
export type Refusal =
  | 'secret'
  | 'ignored'
  | 'off'
  | 'language'
  | 'undo'
  | 'empty'
  | 'long-line'
  | 'before-word';

/** A line as long as this is data or minified code: nobody is typing it. */
const longestLine = 10_000;

/** @returns undefined where a suggestion is wanted */
export function findRefusal(
  document: DocumentSnapshot,
  kind: TriggerKind,
  settings: Pick<CompletionSettings, 'enable' | 'languages'>,
): Refusal | undefined {
  // The path is what the model is told; a folder further up may be the one that says it.
  if (isSecret(document.path) || isSecret(document.uri)) return 'secret';
  if (document.prefix.trim() === '') return 'empty';
  if (kind === 'manual') return undefined;
  if (!settings.enable) return 'off';
  if (!isLanguageEnabled(settings.languages, document.languageId)) return 'language';
  if (linePrefix(document).length + lineSuffix(document).length > longestLine) return 'long-line';
  // If a word goes on right of the cursor, the user reads or changes text there and does not write it.
  if (startsInWord(lineSuffix(document))) return 'before-word';
  return undefined;
}

export function decideScope(document: DocumentSnapshot): Scope {
  return opensEmptyBlock(document) ? 'block' : 'line';
}

/** The cursor stands alone on a line that a `{`, `:` or the like has opened, and nothing is in the block yet. */
function opensEmptyBlock(document: DocumentSnapshot): boolean {
  const before = linePrefix(document);
  if (before.trim() !== '' || lineSuffix(document).trim() !== '') return false;
  const opener = lastNonBlankLine(document.prefix);
  if (opener === undefined || !/([{[(:]|=>|\b(then|do|else|try|begin))\s*$/.test(opener)) return false;
  if (indentationOf(before) <= indentationOf(opener)) return false;
  const next = followingLines(document)
    .split('\n')
    .find(line => line.trim() !== '');
  return next === undefined || indentationOf(next) < indentationOf(before);
}

function lastNonBlankLine(text: string): string | undefined {
  return text
    .split('\n')
    .reverse()
    .find(line => line.trim() !== '');
}
