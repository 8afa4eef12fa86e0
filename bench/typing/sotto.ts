/** Our side: the extension's completer and engine process with the bundled model, and what each request cost. */

import { systemClock } from '../../src/common/clock';
import { createCompleter } from '../../src/completion/completer';
import { readingMs } from '../../src/completion/prepare-next';
import type { CompletionRequest, SourceName, Suggestion, TraceEvent } from '../../src/completion/request';
import { decideScope } from '../../src/completion/scope';
import type { Engine } from '../../src/generation/engine';
import type { OtherFile } from '../../src/other-files/other-file';
import type { OpenModel } from '../../src/session';
import type { CompletionSettings } from '../../src/settings/settings';
import { withoutLimit } from '../quality/sotto';
import { type Answer, noAnswer, type Side, timer } from './player';
import type { Suggest } from './typist';

/** Other files of each document, by its address. */
export type Neighbours = ReadonlyMap<string, readonly OtherFile[]>;

/** Answers that were written before the request, in the words of the report. */
const earlier: Partial<Record<SourceName, Answer['source']>> = {
  'typed-along': 'typed through',
  remembered: 'cache',
  prepared: 'prepared',
};

/** @param prepares whether the next answer is found while this one is read */
export function createSottoSide(
  model: OpenModel,
  settings: CompletionSettings,
  neighbours: Neighbours,
  prepares: boolean,
): Side {
  /** A completer hands its signal on, which so tells whose tokens these are. */
  const tokens = new WeakMap<AbortSignal, Answer>();
  const started = new WeakMap<AbortSignal, number>();
  const waited = (signal: AbortSignal) => performance.now() - started.get(signal)!;
  const observed = { ...model, engine: observe(model.engine, tokens, waited) };
  let personNow = systemClock.now;
  let isResting = false;
  let shown: { readonly request: CompletionRequest; readonly suggestion: Suggestion } | undefined;
  const completer = createCompleter({
    openModel: () => Promise.resolve(observed),
    // The time to read is skipped, as all in which nothing happens.
    clock: {
      now: () => personNow(),
      sleep: (ms, signal) => (isResting ? Promise.resolve() : systemClock.sleep(ms, signal)),
    },
  });
  return {
    name: prepares ? 'Sotto' : 'Sotto, nothing prepared',
    pid: () => model.engine.pid,
    async request({ document }, now, signal) {
      personNow = now;
      started.set(signal, performance.now());
      isResting = false;
      let source: Answer['source'] = 'none';
      const trace = (event: TraceEvent) => {
        if (event.step === 'judged') source = earlier[event.source] ?? source;
      };
      const otherFiles = () => neighbours.get(document.uri) ?? [];
      const scope = decideScope(document);
      const request = { document, settings, scope, otherFiles, trigger: 'automatic', trace } as const;
      const { shown: suggestion } = await completer.complete(request, signal);
      shown = suggestion && { request, suggestion };
      const used = tokens.get(signal);
      const shownCharacters = suggestion?.text.length ?? 0;
      if (used !== undefined) return { ...used, shownCharacters, source: 'model' };
      const copied = suggestion?.source === 'copied';
      return { ...noAnswer, shownCharacters, source: copied ? 'copy' : source };
    },
    async rest(ms) {
      if (!prepares || shown === undefined || ms < readingMs) return;
      isResting = true;
      const nextKey = timer(ms - readingMs);
      await Promise.race([completer.prepareNext(shown.request, shown.suggestion), nextKey.passed]);
      nextKey.stop();
    },
  };
}

/** What a person who waited would see, for settling what is accepted. */
export function createSuggest(
  model: OpenModel,
  settings: CompletionSettings,
  neighbours: Neighbours,
): Suggest {
  // The rival has no such limit: it writes as many tokens as the whole text has.
  const engine = withoutLimit(model.engine);
  const completer = createCompleter({
    openModel: () => Promise.resolve({ ...model, engine }),
    clock: systemClock,
  });
  const { signal } = new AbortController();
  return async document => {
    const { shown, report } = await completer.complete(
      {
        document,
        trigger: 'automatic',
        scope: decideScope(document),
        settings: { ...settings, debounce: 0 },
        otherFiles: () => neighbours.get(document.uri) ?? [],
      },
      signal,
    );
    const text = shown?.text;
    // Of what is remembered the rest would have to be written, and one token to know that it is over.
    return { text, tokens: report?.generatedTokens ?? model.tokenizer.encode(text ?? '').length + 1 };
  };
}

function observe(
  engine: Engine,
  tokens: WeakMap<AbortSignal, Answer>,
  waited: (signal: AbortSignal) => number,
): Engine {
  return {
    async *generate(request, signal) {
      let used: Answer = { ...noAnswer, promptTokens: request.ids.length, waitedMs: waited(signal) };
      tokens.set(signal, used);
      for await (const event of engine.generate(request, signal)) {
        if (event.type === 'prefill') used = { ...used, cachedTokens: event.cached };
        if (event.type === 'token') used = { ...used, decodedTokens: used.decodedTokens + 1 };
        tokens.set(signal, used);
        yield event;
      }
    },
  };
}
