/** A completer with a scripted engine, asked as a user types: notation in, notation out. */
import { type Completion, type CompletionRequest, createCompleter } from '../../src/completion/complete';
import { readingMs } from '../../src/completion/prepare-next';
import { createSuffixPrefixMiddle } from '../../src/prompt/suffix-prefix-middle';
import { idsWithByte } from '../../src/tokenizer/tokenizer';
import { createByteTokenizer, spell } from '../byte-tokenizer';
import { accept, type PlaceOptions, place } from '../notation';
import { createFakeClock } from './fake-clock';
import { type Answer, createScriptedEngine, scriptedCalibration } from './scripted-engine';
import { testSettings } from './settings-for-test';

export type TypingOptions = Partial<Omit<CompletionRequest, 'document'>> &
  PlaceOptions & { readonly signal?: AbortSignal };

/** Each run of the model takes the next of `answers`. */
export function startTyping(...answers: readonly Answer[]) {
  const tokenizer = createByteTokenizer();
  const engine = createScriptedEngine(...answers);
  const clock = createFakeClock();
  const model = {
    name: 'scripted',
    tokenizer,
    layout: createSuffixPrefixMiddle(tokenizer)!,
    contextWindow: 384,
    calibration: scriptedCalibration,
    lineBreakIds: idsWithByte(tokenizer, 10),
    engine,
  };
  let opened = 0;
  let shown: { readonly request: CompletionRequest; readonly completion: Completion } | undefined;
  const openModel = async () => {
    opened++;
    return model;
  };
  const completer = createCompleter({ openModel, clock });

  const requestOf = (text: string, options: TypingOptions): CompletionRequest => {
    const { uri, path, languageId, prefixOffset, signal: _, ...request } = options;
    const given = { uri, path, languageId, prefixOffset };
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { document: place(text, known), trigger: 'automatic', settings: testSettings, ...request };
  };

  return {
    engine,
    clock,
    completer,
    /** How often the model was asked for. */
    opened: () => opened,
    /** The prompts that the model was run on. */
    prompts: () => engine.requests.map(({ ids }) => spell(tokenizer, ids)),
    /** `source: document with the suggestion accepted`; undefined for no suggestion. */
    async at(text: string, options: TypingOptions = {}): Promise<string | undefined> {
      const request = requestOf(text, options);
      const completion = await completer.complete(request, options.signal ?? new AbortController().signal);
      shown = completion && { request, completion };
      return completion && `${completion.source}: ${accept(request.document, completion)}`;
    },
    /** The user has read what `at` showed for `ms`. @returns when nothing more is prepared */
    async read(ms = readingMs): Promise<void> {
      if (shown === undefined) return;
      const prepared = completer.prepareNext(shown.request, shown.completion);
      clock.advance(ms);
      return prepared;
    },
  };
}
