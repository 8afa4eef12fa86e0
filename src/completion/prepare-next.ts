/**
 * The next answer, found while the user reads this one: for the document as it is once the suggestion is accepted and,
 * where nothing would be shown there because the line is done, for the line below it. Answers go into the cache of
 * suggestions and nowhere else: whoever types on instead finds everything as it was.
 */

import type { Clock } from '../common/clock';
import { type DocumentSnapshot, linePrefix, lineSuffix } from '../document/document-snapshot';
import type { Insertion } from './filters/fit-line-suffix';

/** A place that the user may come to. */
export interface NextPlace {
  /** What its answer is cached by. */
  readonly key: string;
  /** Sees to it that the answer is cached. @returns undefined where it is not to be known, and when `signal` aborts */
  prepare(signal: AbortSignal): Promise<'shown' | 'nothing' | undefined>;
}

export interface Preparation {
  /** @param placeOf what is known of a document that the user may be about to write */
  start(
    document: DocumentSnapshot,
    shown: Insertion,
    placeOf: (document: DocumentSnapshot) => NextPlace,
  ): Promise<void>;
  /** To be told each request, by its key: stops, unless that is on the way. @returns what to wait for then */
  meet(key: string): Promise<unknown> | undefined;
  stop(): void;
}

/**
 * How long a suggestion stands before anything is done for the one after it: longer than two keys are apart on average
 * (239 ms; Dhakal et al., CHI 2018), so that whoever types through it makes no work.
 */
export const readingMs = 250;

export function createPreparation(clock: Clock): Preparation {
  let current:
    | { readonly controller: AbortController; readonly answers: Map<string, Promise<unknown>> }
    | undefined;
  const stop = () => {
    current?.controller.abort();
    current = undefined;
  };
  return {
    async start(document, shown, placeOf) {
      stop();
      const controller = new AbortController();
      const answers = new Map<string, Promise<unknown>>();
      current = { controller, answers };
      await clock.sleep(readingMs, controller.signal);
      for (const next of nextDocuments(document, shown)) {
        if (controller.signal.aborted) return;
        const place = placeOf(next);
        const answer = place.prepare(controller.signal);
        answers.set(place.key, answer);
        if ((await answer) !== 'nothing') return;
      }
    },
    meet(key) {
      const answer = current?.answers.get(key);
      if (answer === undefined) stop();
      return answer;
    },
    stop,
  };
}

/** What the document becomes if the suggestion is accepted, and if a line break is typed after that. */
function nextDocuments(document: DocumentSnapshot, { text, replaceAfter }: Insertion): DocumentSnapshot[] {
  const accepted = {
    ...document,
    prefix: document.prefix + text,
    suffix: document.suffix.slice(replaceAfter),
  };
  const line = linePrefix(accepted);
  // How far the editor indents behind an opener, and what it does to a line that it breaks, is its own affair.
  if (lineSuffix(accepted) !== '' || /[([{:]\s*$/.test(line)) return [accepted];
  const indentation = /^[ \t]*/.exec(line)![0];
  return [accepted, { ...accepted, prefix: `${accepted.prefix}\n${indentation}` }];
}
