/** The page "Explain Last Request": the last requests in words, with what came of each and why. */
import type { ScoredText } from './judge';
import type { Outcome, TraceEvent, TriggerKind, Why } from './request';

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
  const about = 'Sotto: the last requests, the newest first. This page is kept in memory only.';
  const head = silence === undefined ? about : `${about}\n\nNow: ${silence}`;
  if (requests.length === 0) return `${head}\n\nNothing has been asked yet.\n`;
  return `${[head, ...requests.toReversed().map(explainRequest)].join(`\n\n${'─'.repeat(80)}\n\n`)}\n`;
}

function explainRequest(request: TracedRequest): string {
  const { time, place, trigger, events } = request;
  const how = trigger === 'manual' ? 'asked for' : 'while typing';
  const filters = events.filter(event => event.step === 'filter');
  const idle = filters.filter(({ before, after }) => before === after).map(({ filter }) => filter);
  const steps = events.flatMap(event => explainStep(event));
  const unchanged =
    idle.length === 0 ? [] : [row('filters', `unchanged by ${[...new Set(idle)].join(', ')}`)];
  return [`${time}  ${place}  ${how}`, explainOutcome(request), '', ...steps, ...unchanged].join('\n');
}

function explainOutcome({ events, outcome }: TracedRequest): string {
  const shown = events.filter(event => event.step === 'shown');
  if (shown.length > 0) return `Shown: ${shown.map(({ text }) => quote(text)).join(', or ')}`;
  if (outcome === undefined || outcome.shown !== undefined)
    return 'Nothing is shown: there is no answer yet, or an error came first (see the log).';
  return `Nothing is shown: ${explainWhy(outcome.why)}`;
}

function explainStep(event: TraceEvent): readonly string[] {
  switch (event.step) {
    case 'when':
      return [row('when', event.refusal === undefined ? `a ${event.scope} is wanted` : 'refused')];
    case 'copied':
      if (event.places === 0) return [row('copied', 'no other place has the same text before it')];
      return [
        row('copied', `${event.places} places with the same text continue with ${quote(event.words.text)}`),
        tokens(event.words),
      ];
    case 'prompt':
      return [
        row('prompt', 'as the model sees it:'),
        indent(event.spell()),
        ...(event.typed === '' ? [] : [row('typed', `its answer must begin with ${quote(event.typed)}`)]),
      ];
    case 'generated': {
      const { promptTokens, cachedTokens, generatedTokens, prefillMs, totalMs, stopReason } =
        event.result.report;
      return [
        row('KV cache', `${cachedTokens} of ${promptTokens} prompt tokens were computed before`),
        row('time', `${prefillMs.toFixed(1)} ms to the first token, ${totalMs.toFixed(1)} ms in all`),
        row('model', `${generatedTokens} tokens (${stopReason}): ${quote(event.result.text)}`),
        tokens(event.result),
      ];
    }
    case 'judged': {
      const { source, words, text, confidence, min } = event;
      const left = text === undefined ? 'not shown' : quote(text);
      const needed = min > 1 ? 'is compared with the model' : `of ${min.toFixed(2)}`;
      return [
        ...(isEarlier(source) ? [row(source, quote(words.text)), tokens(words)] : []),
        row('confidence', `${source} ${confidence.toFixed(2)} ${needed}: ${left}`),
      ];
    }
    case 'filter': {
      if (event.before === event.after) return [];
      const after = event.after === undefined ? 'nothing' : quote(event.after);
      return [row(event.filter, `${quote(event.before)} became ${after}`)];
    }
    case 'shown':
      return [row('shown', `${quote(event.text)}, in place of ${event.replaceAfter} characters`)];
  }
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

const sentences: Readonly<Record<Extract<Why, string>, string>> = {
  scheme: 'VS Code asks Sotto only in files, new documents, notebook cells and files of remote workspaces.',
  'inline-suggest':
    "VS Code's setting editor.inlineSuggest.enabled is off, so VS Code shows no suggestions of any extension.",
  'unreadable-ignore-file':
    'an ignore file of the workspace cannot be read (the log says which), so it may name this file.',
  secret: 'a file of this name or language may hold secrets, so nothing is suggested in it.',
  ignored: 'an ignore file of the workspace names this file, so nothing is suggested in it.',
  off: 'suggestions while typing are turned off (setting sotto.enable).',
  language: 'suggestions while typing are turned off for this language (setting sotto.languages).',
  excluded: 'suggestions while typing are turned off for this file (setting sotto.exclude).',
  paused: 'suggestions while typing are paused for a while.',
  battery: 'suggestions while typing are paused on battery (setting sotto.pauseOnBattery).',
  undo: 'the last change was an undo or a redo.',
  empty: 'there is no text before the cursor to continue.',
  'long-line': 'the line is too long to have been written by a person.',
  'before-word': 'a word begins or continues right of the cursor.',
  'in-comment': 'the cursor is in a comment (setting sotto.inComments).',
  'in-string': 'the cursor is in a string (setting sotto.inStrings).',
  'newer-key': 'a newer keystroke came before the answer.',
  'engine-failed': 'the engine failed (see the log).',
  'nothing-found': 'no source has anything to add here.',
  'model-silent': 'the model has nothing to add here.',
  'not-sure': 'the model is not sure enough (setting sotto.minConfidence).',
  'window-would-move': 'the answer could not be prepared in time.',
};

export function explainWhy(why: Why): string {
  return typeof why === 'string' ? sentences[why] : `${why.filter} left nothing worth showing.`;
}
