/** The page "Explain Last Request": the last requests in words, with what came of each and why. */
import * as l10n from '@vscode/l10n';
import type { ScoredText } from './judge';
import type { Outcome, Scope, TraceEvent, TriggerKind, Why } from './request';

export interface TracedRequest {
  /** As the page prints it. */
  readonly time: string;
  /** FILE:LINE:COLUMN, counted from 1. */
  readonly place: string;
  readonly trigger: TriggerKind;
  readonly events: readonly TraceEvent[];
  /** Undefined while the answer is not there yet, and after a fault. */
  readonly outcome?: Outcome | undefined;
}

/**
 * @param requests in their order; the page begins with the newest
 * @param silence why the active editor gets no suggestions while the user types. Such an editor may have no request.
 */
export function explainRequests(requests: readonly TracedRequest[], silence?: string): string {
  const about = l10n.t('Sotto: the last requests, the newest first. This page is kept in memory only.');
  const head = silence === undefined ? about : `${about}\n\n${l10n.t('Now: {0}', silence)}`;
  if (requests.length === 0) return `${head}\n\n${l10n.t('Nothing has been asked yet.')}\n`;
  return `${[head, ...requests.toReversed().map(explainRequest)].join(`\n\n${'─'.repeat(80)}\n\n`)}\n`;
}

function explainRequest(request: TracedRequest): string {
  const { time, place, trigger, events } = request;
  const how = trigger === 'manual' ? l10n.t('asked for') : l10n.t('while typing');
  const filters = events.filter(event => event.step === 'filter');
  const idle = filters.filter(({ before, after }) => before === after).map(({ filter }) => filter);
  const steps = events.flatMap(event => explainStep(event));
  const unchanged =
    idle.length === 0 ? [] : [row('filters', l10n.t('unchanged by {0}', [...new Set(idle)].join(', ')))];
  return [`${time}  ${place}  ${how}`, explainOutcome(request), '', ...steps, ...unchanged].join('\n');
}

function explainOutcome({ events, outcome }: TracedRequest): string {
  const shown = events.filter(event => event.step === 'shown');
  if (shown.length > 0)
    return l10n.t('Shown: {0}', shown.map(({ text }) => quote(text)).join(l10n.t(', or ')));
  if (outcome === undefined || outcome.shown !== undefined)
    return l10n.t('Nothing is shown: there is no answer yet, or an error came first (see the log).');
  return l10n.t('Nothing is shown: {0}', explainWhy(outcome.why));
}

function explainStep(event: TraceEvent): readonly string[] {
  switch (event.step) {
    case 'when':
      return [row('when', event.refusal === undefined ? explainScope(event.scope) : l10n.t('refused'))];
    case 'copied':
      if (event.places === 0) return [row('copied', l10n.t('no other place has the same text before it'))];
      return [
        row(
          'copied',
          l10n.t('{0} places with the same text continue with {1}', event.places, quote(event.words.text)),
        ),
        tokens(event.words),
      ];
    case 'prompt':
      return [
        row('prompt', l10n.t('as the model sees it:')),
        indent(event.spell()),
        ...(event.typed === ''
          ? []
          : [row('typed', l10n.t('its answer must begin with {0}', quote(event.typed)))]),
      ];
    case 'generated': {
      const { promptTokens, cachedTokens, generatedTokens, prefillMs, totalMs, stopReason } =
        event.result.report;
      return [
        row('KV cache', l10n.t('{0} of {1} prompt tokens were computed before', cachedTokens, promptTokens)),
        row(
          'time',
          l10n.t('{0} ms to the first token, {1} ms in all', prefillMs.toFixed(1), totalMs.toFixed(1)),
        ),
        row('model', l10n.t('{0} tokens ({1}): {2}', generatedTokens, stopReason, quote(event.result.text))),
        tokens(event.result),
      ];
    }
    case 'judged': {
      const { source, words, text, confidence, min } = event;
      const left = text === undefined ? l10n.t('not shown') : quote(text);
      const needed = min > 1 ? l10n.t('is compared with the model') : l10n.t('of {0}', min.toFixed(2));
      return [
        ...(isEarlier(source) ? [row(source, quote(words.text)), tokens(words)] : []),
        row('confidence', `${source} ${confidence.toFixed(2)} ${needed}: ${left}`),
      ];
    }
    case 'filter': {
      if (event.before === event.after) return [];
      const after = event.after === undefined ? l10n.t('nothing') : quote(event.after);
      return [row(event.filter, l10n.t('{0} became {1}', quote(event.before), after))];
    }
    case 'shown':
      return [row('shown', l10n.t('{0}, in place of {1} characters', quote(event.text), event.replaceAfter))];
  }
}

function explainScope(scope: Scope): string {
  return scope === 'line' ? l10n.t('a line is wanted') : l10n.t('a block is wanted');
}

/** The text was written for an earlier request, so no other step of this request shows it. */
function isEarlier(source: string): boolean {
  return source === 'typed-along' || source === 'remembered' || source === 'prepared';
}

/** Each token or word with its probability. */
function tokens({ parts, logProbs }: ScoredText): string {
  const each = parts.map((text, index) => `${quote(text)} ${Math.exp(logProbs[index]!).toFixed(2)}`);
  return row('tokens', each.join('  '));
}

const row = (name: string, text: string) => `${name.padEnd(12)}  ${text}`;
const quote = (text: string) => JSON.stringify(text);
const indent = (text: string) => text.replaceAll(/^/gm, '    ');

const sentences = (): Readonly<Record<Extract<Why, string>, string>> => ({
  scheme: l10n.t(
    'VS Code asks Sotto only in files, new documents, notebook cells and files of remote workspaces.',
  ),
  'inline-suggest': l10n.t(
    "VS Code's setting editor.inlineSuggest.enabled is off, so VS Code shows no suggestions of any extension.",
  ),
  'unreadable-ignore-file': l10n.t(
    'an ignore file of the workspace cannot be read (the log says which), so it may name this file.',
  ),
  secret: l10n.t('a file of this name or language may hold secrets, so nothing is suggested in it.'),
  ignored: l10n.t('an ignore file of the workspace names this file, so nothing is suggested in it.'),
  off: l10n.t('suggestions while typing are turned off (setting sotto.enable).'),
  language: l10n.t('suggestions while typing are turned off for this language (setting sotto.languages).'),
  excluded: l10n.t('suggestions while typing are turned off for this file (setting sotto.exclude).'),
  paused: l10n.t('suggestions while typing are paused for a while.'),
  battery: l10n.t('suggestions while typing are paused on battery (setting sotto.pauseOnBattery).'),
  undo: l10n.t('the last change was an undo or a redo.'),
  empty: l10n.t('there is no text before the cursor to continue.'),
  'long-line': l10n.t('the line is too long to have been written by a person.'),
  'before-word': l10n.t('a word begins or continues right of the cursor.'),
  'in-comment': l10n.t('the cursor is in a comment (setting sotto.inComments).'),
  'in-string': l10n.t('the cursor is in a string (setting sotto.inStrings).'),
  'newer-key': l10n.t('a newer keystroke came before the answer.'),
  'engine-failed': l10n.t('the engine failed (see the log).'),
  'nothing-found': l10n.t('no source has anything to add here.'),
  'model-silent': l10n.t('the model has nothing to add here.'),
  'not-sure': l10n.t('the model is not sure enough (setting sotto.minConfidence).'),
  'window-would-move': l10n.t('the answer could not be prepared in time.'),
});

export function explainWhy(why: Why): string {
  return typeof why === 'string' ? sentences()[why] : l10n.t('{0} left nothing worth showing.', why.filter);
}
