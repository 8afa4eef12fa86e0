/** A completer with a scripted engine, asked as a user types. Places and answers are written in the tests' notation. */

import { createCompleter } from '../../src/completion/completer';
import { readingMs } from '../../src/completion/prepare-next';
import type { CompletionRequest, Outcome, Refusal, Suggestion } from '../../src/completion/request';
import { decideScope } from '../../src/completion/scope';
import { refusalRules } from '../../src/completion/when';
import { createSuffixPrefixMiddle } from '../../src/prompt/prompt-layout';
import { idsWithByte } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer, spell } from '../byte-tokenizer';
import { accept, type PlaceOptions, place } from '../notation';
import { createFakeClock } from './fake-clock';
import { type Answer, createScriptedEngine } from './scripted-engine';
import { testCalibration, testSettings } from './settings-for-test';

export type TypingOptions = Partial<Omit<CompletionRequest, 'document'>> &
  PlaceOptions & {
    readonly signal?: AbortSignal;
    /** The refusal of a rule of the editor. */
    readonly refusal?: Refusal;
  };

/** @param answers each run of the model takes the next one */
export function startTyping(...answers: readonly Answer[]) {
  const tokenizer = createByteTokenizer();
  const engine = createScriptedEngine(...answers);
  const clock = createFakeClock();
  const model = {
    name: 'scripted',
    tokenizer,
    layout: createSuffixPrefixMiddle(tokenizer)!,
    contextWindow: 384,
    lineBreakIds: idsWithByte(tokenizer, 10),
    heal: () => undefined,
    calibration: testCalibration,
    engine,
  };
  let opened = 0;
  let shown: { readonly request: CompletionRequest; readonly suggestion: Suggestion } | undefined;
  let refusal: Refusal | undefined;
  const openModel = async () => {
    opened++;
    return model;
  };
  const editorRule = {
    refusal: 'ignored',
    evenIfAsked: true,
    ofDocument: true,
    applies: () => refusal === 'ignored',
  } as const;
  const completer = createCompleter({ openModel, clock, refusals: [editorRule, ...refusalRules] });

  const requestOf = (text: string, options: TypingOptions): CompletionRequest => {
    const { uri, path, languageId, prefixOffset, signal: _signal, refusal: _refusal, ...request } = options;
    const given = { uri, path, languageId, prefixOffset };
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const document = place(text, known);
    const scope = decideScope(document);
    return { document, trigger: 'automatic', scope, settings: testSettings, ...request };
  };

  const outcomeOf = (request: CompletionRequest, options: TypingOptions) => {
    refusal = options.refusal;
    return completer.complete(request, options.signal ?? new AbortController().signal);
  };

  const describe = (request: CompletionRequest, outcome: Outcome) => {
    const suggestion = outcome.shown;
    shown = suggestion && { request, suggestion };
    return suggestion && `${suggestion.source}: ${accept(request.document, suggestion)}`;
  };

  return {
    engine,
    model,
    clock,
    completer,
    /** How often the model was opened. */
    opened: () => opened,
    /** The prompts that the model was run on. */
    prompts: () => engine.requests.map(({ ids }) => spell(tokenizer, ids)),
    /** `source: document with the suggestion accepted`; undefined for no suggestion. */
    async at(text: string, options: TypingOptions = {}): Promise<string | undefined> {
      const request = requestOf(text, options);
      return describe(request, await outcomeOf(request, options));
    },
    /** Like `at`, but asks the model even if an answer is remembered. */
    async anew(text: string, options: TypingOptions = {}): Promise<string | undefined> {
      const request = requestOf(text, options);
      return describe(request, await completer.completeAnew(request, new AbortController().signal));
    },
    /** The outcome of a request; `why` says why nothing is shown. */
    outcome: (text: string, options: TypingOptions = {}) => outcomeOf(requestOf(text, options), options),
    /** The cursor rests at this place. @returns undefined if nothing was read */
    rest: (text: string, options: TypingOptions = {}) => {
      refusal = options.refusal;
      return completer.readAhead(requestOf(text, options));
    },
    /** The user has read the suggestion of `at` for `ms`. @returns when the preparation is over */
    async read(ms = readingMs): Promise<void> {
      if (shown === undefined) return;
      const prepared = completer.prepareNext(shown.request, shown.suggestion);
      clock.advance(ms);
      return prepared;
    },
  };
}
