/**
 * Whether a suggestion is wanted at a place, and how long the model waits for the next key. Looks only at the text, the
 * settings and the clock.
 */

import type { Clock } from '../common/clock';
import { scanCode } from '../document/code-lexer';
import type { RegionKind } from '../document/code-lexer-families';
import { type DocumentSnapshot, linePrefix, lineSuffix } from '../document/document-snapshot';
import { startsInWord } from '../document/words';
import { isSecret } from '../privacy/is-secret';
import { isLanguageEnabled } from '../settings/settings';
import type { CompletionRequest, Refusal } from './request';
import type { Source } from './sources/source';

/** One reason against a suggestion. The editor adds rules of its own (`editor/editor-refusals.ts`). */
export interface RefusalRule {
  readonly refusal: Refusal;
  /** It also holds if the user asked. */
  readonly evenIfAsked: boolean;
  /** It holds everywhere in a document, whatever the document's text is. Then the status bar can say it. */
  readonly ofDocument: boolean;
  readonly applies: (request: Pick<CompletionRequest, 'document' | 'settings'>) => boolean | Promise<boolean>;
}

/** A line as long as this is data or minified code. */
const maxLineLength = 10_000;

/** In this order; the first that applies is the reason. */
export const refusalRules: readonly RefusalRule[] = [
  {
    refusal: 'secret',
    evenIfAsked: true,
    ofDocument: true,
    // The prompt shows the end of the path. A folder further up may say that the file holds secrets.
    applies: ({ document: { path, uri, languageId } }) => isSecret(path, languageId) || isSecret(uri),
  },
  {
    refusal: 'empty',
    evenIfAsked: true,
    ofDocument: false,
    applies: ({ document }) => document.prefix.trim() === '',
  },
  {
    refusal: 'off',
    evenIfAsked: false,
    ofDocument: true,
    applies: ({ settings }) => !settings.enable,
  },
  {
    refusal: 'language',
    evenIfAsked: false,
    ofDocument: true,
    applies: ({ document, settings }) => !isLanguageEnabled(settings.languages, languageOf(document)),
  },
  {
    refusal: 'long-line',
    evenIfAsked: false,
    ofDocument: false,
    applies: ({ document }) => linePrefix(document).length + lineSuffix(document).length > maxLineLength,
  },
  {
    // If a word begins or continues right of the cursor, the user is reading or changing it.
    refusal: 'before-word',
    evenIfAsked: false,
    ofDocument: false,
    applies: ({ document }) => startsInWord(lineSuffix(document)),
  },
  {
    refusal: 'in-comment',
    evenIfAsked: false,
    ofDocument: false,
    applies: ({ document, settings }) => !settings.inComments && regionAtCursor(document) === 'comment',
  },
  {
    refusal: 'in-string',
    evenIfAsked: false,
    ofDocument: false,
    applies: ({ document, settings }) => !settings.inStrings && regionAtCursor(document) === 'string',
  },
];

/** Whether the cursor is inside a comment or a string. Code between `${` and `}` is code. */
function regionAtCursor({ prefix, languageId }: DocumentSnapshot): RegionKind | undefined {
  return scanCode(prefix, languageId).state.regions.at(-1)?.kind;
}

/**
 * Texts that Git asks its user to write are prose. VS Code has languages for some of their names, and we know the others.
 * Source: the names in Git's `builtin/`, and those that Vim knows as `gitcommit` and `gitrebase`.
 */
const gitLanguages: readonly (readonly [name: RegExp, languageId: string])[] = [
  [/(^|\/)((COMMIT|TAG|NOTES|PULLREQ)_EDITMSG|(MERGE|SQUASH)_MSG|EDIT_DESCRIPTION)$/, 'git-commit'],
  [
    /(^|\/)(addp-hunk-edit\.diff|svn-commit(\.\d+)?\.tmp|hg-editor-[^/]+\.txt|[^/]+\.jjdescription)$/,
    'git-commit',
  ],
  [/(^|\/)git-rebase-todo(\.backup)?$/, 'git-rebase'],
];

function languageOf({ path, languageId }: Pick<DocumentSnapshot, 'path' | 'languageId'>): string {
  return gitLanguages.find(([name]) => name.test(path))?.[1] ?? languageId;
}

/** @returns undefined if a suggestion is wanted @throws what a rule throws */
export async function findRefusal(
  request: Pick<CompletionRequest, 'document' | 'trigger' | 'settings'>,
  rules: readonly RefusalRule[] = refusalRules,
): Promise<Refusal | undefined> {
  for (const { refusal, evenIfAsked, applies } of rules) {
    if (request.trigger === 'manual' && !evenIfAsked) continue;
    if (await applies(request)) return refusal;
  }
  return undefined;
}

/**
 * Waits for the user to stop typing, but no longer than it pays.
 *
 * The next key discards the run that is under way. That loses at most the time of a run, so a longer wait saves nothing.
 * The wait is as long as runs took lately, and never longer than the setting. Before the first run is measured, it is the
 * setting. There is no wait after a pause. There is also none if a run ends before the next key can come, because it would
 * only delay the suggestion (`bench:typing`).
 */
export interface Debounce {
  /** A key has changed the document. */
  keyTyped(): void;
  /** @returns false if `signal` aborted during the wait */
  wait(maxMs: number, signal: AbortSignal): Promise<boolean>;
  /** A run of the model took so long. */
  observe(runMs: number): void;
}

/** A key this long after the one before comes after a pause. */
const pauseMs = 400;
/**
 * The next key rarely comes sooner: the fastest typists take 120 ms on average (Dhakal et al., Observations on Typing
 * from 136 Million Keystrokes, CHI 2018).
 */
const minKeyIntervalMs = 50;
/** Weight of the newest run in the moving average. */
const smoothing = 0.3;

export function createDebounce(clock: Clock): Debounce {
  let lastKey = Number.NEGATIVE_INFINITY;
  let sinceLastKey = Number.POSITIVE_INFINITY;
  let typicalRunMs = Number.POSITIVE_INFINITY;
  return {
    keyTyped() {
      sinceLastKey = clock.now() - lastKey;
      lastKey = clock.now();
    },
    async wait(maxMs, signal) {
      const mayBeDiscarded = sinceLastKey < pauseMs && typicalRunMs >= minKeyIntervalMs;
      if (mayBeDiscarded) await clock.sleep(Math.min(maxMs, typicalRunMs), signal);
      return !signal.aborted;
    },
    observe(runMs) {
      typicalRunMs =
        typicalRunMs === Number.POSITIVE_INFINITY ? runMs : typicalRunMs + smoothing * (runMs - typicalRunMs);
    },
  };
}

/** While the user types, the model is asked when the typing pauses. */
export function whenTypingPauses(debounce: Debounce, model: Source): Source {
  return async (request, signal) => {
    const isTyping = request.trigger === 'automatic';
    if (isTyping && !(await debounce.wait(request.settings.debounce, signal))) return { why: 'newer-key' };
    const found = await model(request, signal);
    if (found.report !== undefined) debounce.observe(found.report.totalMs);
    return found;
  };
}
