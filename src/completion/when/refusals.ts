/** Whether a suggestion is wanted at a place. Looks only at the text and the settings. */
import { linePrefix, lineSuffix } from '../../document/document-snapshot';
import { startsInWord } from '../../document/words';
import { isSecret } from '../../privacy/is-secret';
import { isLanguageEnabled } from '../../settings/settings';
import type { Refusal } from '../outcome';
import type { CompletionRequest } from '../request';

/** One reason against a suggestion. The editor adds rules of its own (`editor/editor-refusals.ts`). */
export interface RefusalRule {
  readonly refusal: Refusal;
  /** It holds even if the user asked. */
  readonly isForManual: boolean;
  readonly applies: (request: Pick<CompletionRequest, 'document' | 'settings'>) => boolean | Promise<boolean>;
}

/** A line as long as this is data or minified code. */
const maxLineLength = 10_000;

/** In this order; the first that applies is the reason. */
export const refusalRules: readonly RefusalRule[] = [
  {
    refusal: 'secret',
    isForManual: true,
    // The prompt shows the end of the path. A folder further up may say that the file holds secrets.
    applies: ({ document: { path, uri, languageId } }) => isSecret(path, languageId) || isSecret(uri),
  },
  {
    refusal: 'empty',
    isForManual: true,
    applies: ({ document }) => document.prefix.trim() === '',
  },
  {
    refusal: 'off',
    isForManual: false,
    applies: ({ settings }) => !settings.enable,
  },
  {
    refusal: 'language',
    isForManual: false,
    applies: ({ document, settings }) => !isLanguageEnabled(settings.languages, document.languageId),
  },
  {
    refusal: 'long-line',
    isForManual: false,
    applies: ({ document }) => linePrefix(document).length + lineSuffix(document).length > maxLineLength,
  },
  {
    // If a word goes on right of the cursor, the user reads or changes it.
    refusal: 'before-word',
    isForManual: false,
    applies: ({ document }) => startsInWord(lineSuffix(document)),
  },
];

/** @returns undefined if a suggestion is wanted @throws what a rule throws */
export async function findRefusal(
  request: Pick<CompletionRequest, 'document' | 'trigger' | 'settings'>,
  rules: readonly RefusalRule[] = refusalRules,
): Promise<Refusal | undefined> {
  for (const { refusal, isForManual, applies } of rules) {
    if (request.trigger === 'manual' && !isForManual) continue;
    if (await applies(request)) return refusal;
  }
  return undefined;
}
