/** The last requests in words, for a user who asks why there was no suggestion. Pure: traces in, a page out. */
import type { Judgement } from '../judge/confidence';
import type { ScoredText } from '../judge/scored-text';
import type { TriggerKind } from '../when/trigger';
import { explainRefusal } from './explain-refusal';
import type { TraceEvent } from './trace';

export interface TracedRequest {
  /** As it is to be read. */
  readonly time: string;
  /** FILE:LINE:COLUMN, counted from 1. */
  readonly place: string;
  readonly trigger: TriggerKind;
  readonly events: readonly TraceEvent[];
}

/** @param requests in their order; the page begins with the newest */
export function explainRequests(requests: readonly TracedRequest[]): string {
  const head = 'Sotto: the last requests, the newest first. This page is kept in memory only.';
  if (requests.length === 0) return `${head}\n\nNothing has been asked yet.\n`;
  return `${[head, ...requests.toReversed().map(explainRequest)].join(`\n\n${'─'.repeat(80)}\n\n`)}\n`;
}

function explainRequest({ time, place, trigger, events }: TracedRequest): string {
  const how = trigger === 'manual' ? 'asked for' : 'while typing';
  const filters = events.filter(event => event.step === 'filter');
  const idle = filters.filter(({ before, after }) => before === after).map(({ filter }) => filter);
  const steps = events.flatMap(event => explainStep(event));
  const unchanged =
    idle.length === 0 ? [] : [row('filters', `unchanged by ${[...new Set(idle)].join(', ')}`)];
  return [`${time}  ${place}  ${how}`, outcome(events), '', ...steps, ...unchanged].join('\n');
}

const beforeTheModel = 'a newer keystroke came before the model was asked, or the model is not open yet.';

/** What was shown, or why nothing was: the last step says where it ended. */
function outcome(events: readonly TraceEvent[]): string {
  const shown = events.filter(event => event.step === 'shown');
  if (shown.length > 0) return `Shown: ${shown.map(({ text }) => quote(text)).join(', or ')}`;
  return `Nothing is shown: ${explainNothing(events)}`;
}

/** Why a request that showed nothing did so, without a word of the document: its last step says where it ended. */
export function explainNothing(events: readonly TraceEvent[]): string {
  const last = events.at(-1);
  switch (last?.step) {
    case 'trigger':
      return last.refusal === undefined ? beforeTheModel : explainRefusal(last.refusal);
    case 'copy':
      return beforeTheModel;
    case 'confidence':
      return modelsText(events) === ''
        ? 'the model has nothing to add here.'
        : 'the model is not sure enough (setting sotto.minConfidence).';
    case 'filter':
      return `${last.filter} left nothing worth showing.`;
    default:
      return 'a newer keystroke stopped the model, or the engine failed (see the log).';
  }
}

/** What the model said last, now or before. */
function modelsText(events: readonly TraceEvent[]): string | undefined {
  const said = events.flatMap(event => {
    if (event.step === 'generated') return [event.result.text];
    return event.step === 'reuse' ? [event.generated.text] : [];
  });
  return said.at(-1);
}

const origins = {
  'last-suggestion': 'from the last-suggestion',
  cache: 'from the cache',
  prepared: 'prepared while the suggestion before was read',
} as const;

function explainStep(event: TraceEvent): readonly string[] {
  switch (event.step) {
    case 'trigger':
      return [row('gate', event.refusal === undefined ? `a ${event.scope} is wanted` : 'refused')];
    case 'copy': {
      const { places } = event.copied;
      if (places === 0) return [row('copy', 'the text before the cursor stands nowhere else')];
      return [
        row('copy', `${places} places like this one go on: ${quote(event.copied.text)}`),
        tokens(event.copied),
        judged(event),
      ];
    }
    case 'reuse':
      return [
        row('reuse', `${origins[event.source]}: ${quote(event.generated.text)}`),
        tokens(event.generated),
      ];
    case 'prompt':
      return [
        row('prompt', 'as the model sees it:'),
        indent(event.prompt),
        ...(event.typed === '' ? [] : [row('typed', `its answer has to begin with ${quote(event.typed)}`)]),
      ];
    case 'generated': {
      const { promptTokens, cachedTokens, generatedTokens, prefillMs, totalMs, stopReason } =
        event.result.report;
      return [
        row('cache', `${cachedTokens} of ${promptTokens} prompt tokens were computed before`),
        row('time', `${prefillMs.toFixed(1)} ms to the first token, ${totalMs.toFixed(1)} ms in all`),
        row('model', `${generatedTokens} tokens (${stopReason}): ${quote(event.result.text)}`),
        tokens(event.result),
      ];
    }
    case 'confidence':
      return [judged(event)];
    case 'filter': {
      if (event.before === event.after) return [];
      const after = event.after === undefined ? 'nothing' : quote(event.after);
      return [row(event.filter, `${quote(event.before)} became ${after}`)];
    }
    case 'shown':
      return [row('shown', `${quote(event.text)}, in place of ${event.replaceAfter} characters`)];
  }
}

/** How likely, and what of it may be shown. */
function judged({ text, confidence, least }: Judgement & { readonly least: number }): string {
  const left = text === undefined ? 'not shown' : quote(text);
  return row('confidence', `${confidence.toFixed(2)} of ${least.toFixed(2)}: ${left}`);
}

/** Each token with its probability. */
function tokens({ tokenTexts, logProbs }: ScoredText): string {
  const each = tokenTexts.map((text, index) => `${quote(text)} ${Math.exp(logProbs[index]!).toFixed(2)}`);
  return row('tokens', each.join('  '));
}

const row = (name: string, text: string) => `${name.padEnd(12)}  ${text}`;
const quote = (text: string) => JSON.stringify(text);
const indent = (text: string) => text.replaceAll(/^/gm, '    ');
