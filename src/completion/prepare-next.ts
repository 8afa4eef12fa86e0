/**
 * Finds the next answer while the user reads a suggestion, because VS Code asks again at once after an accept. It asks for
 * the document with the suggestion accepted. If nothing would be shown there because the line is complete, it also asks
 * for the line below.
 *
 * The answers are kept among the remembered ones and nowhere else. If the user continues to type, nothing has changed.
 */

import { type Clock, untilAborted } from '../common/clock';
import { type DocumentSnapshot, linePrefix, lineSuffix } from '../document/document-snapshot';
import { endsInOpener } from '../document/words';
import { complete, type Pipeline } from './complete';
import type { Insertion } from './filters/filter';
import type { CompletionRequest, Nothing, Outcome } from './request';
import { decideScope } from './scope';
import { requestKey } from './sources/remembered';
import type { Source } from './sources/source';

export interface Preparation {
  /** Waits until the user has had time to read, then finds the answers. The next request stops that. */
  start(request: CompletionRequest, shown: Insertion, pipeline: Pipeline): Promise<void>;
  /** The answer for this key, if it is being prepared now. */
  pendingAnswer(key: string): Promise<unknown> | undefined;
  /** Stops, unless the answer for this key is being prepared. */
  stopUnlessFor(key: string): void;
  stop(): void;
}

/**
 * Preparation begins when a suggestion has stood this long. Two keys are 239 ms apart on average (Dhakal et al., CHI
 * 2018), so a user who types through a suggestion causes no work.
 */
export const readingMs = 250;

/** @param isKnown whether the model's last text has more to say at this place; then nothing needs to be prepared */
export function createPreparation(
  clock: Clock,
  isKnown: (request: CompletionRequest) => boolean,
): Preparation {
  let current:
    | { readonly controller: AbortController; readonly answers: Map<string, Promise<Outcome>> }
    | undefined;
  const stop = () => {
    current?.controller.abort();
    current = undefined;
  };
  const pendingAnswer = (key: string) => current?.answers.get(key);
  return {
    async start(request, shown, pipeline) {
      stop();
      const controller = new AbortController();
      const answers = new Map<string, Promise<Outcome>>();
      current = { controller, answers };
      await clock.sleep(readingMs, controller.signal);
      for (const next of nextRequests(request, shown)) {
        if (controller.signal.aborted || isKnown(next)) return;
        const answer = complete(next, pipeline, controller.signal);
        answers.set(requestKey(next), answer);
        const outcome = await answer;
        if (outcome.shown !== undefined || !isLineComplete(outcome)) return;
      }
    },
    pendingAnswer,
    stopUnlessFor(key) {
      if (pendingAnswer(key) === undefined) stop();
    },
    stop,
  };
}

/** If the answer is being prepared now, the source is asked when that is done. */
export function afterPreparation(
  { pendingAnswer }: Pick<Preparation, 'pendingAnswer'>,
  source: Source,
): Source {
  return async (request, signal) => {
    const pending = pendingAnswer(requestKey(request));
    if (pending !== undefined) await untilAborted(pending, signal);
    return source(request, signal);
  };
}

/** Whether the model had time to answer, and nothing would be shown. Then the user probably goes to the line below. */
function isLineComplete({ why, report }: Nothing): boolean {
  const isAnswered = why === 'model-silent' || why === 'not-sure' || typeof why !== 'string';
  return isAnswered && report?.stopReason !== 'max-time';
}

/** What the user may ask next: with the suggestion accepted, and with a line break typed after that. */
function nextRequests(
  { document, settings, otherFiles }: CompletionRequest,
  { text, replaceAfter }: Insertion,
): CompletionRequest[] {
  const accepted = {
    ...document,
    prefix: document.prefix + text,
    suffix: document.suffix.slice(replaceAfter),
  };
  const requestAt = (next: DocumentSnapshot): CompletionRequest => ({
    document: next,
    trigger: 'automatic',
    scope: decideScope(next),
    settings,
    otherFiles,
  });
  const line = linePrefix(accepted);
  // The editor decides how far it indents after an opening bracket, and how it changes a line that the user breaks.
  if (lineSuffix(accepted) !== '' || endsInOpener(line)) return [requestAt(accepted)];
  const indentation = /^[ \t]*/.exec(line)![0];
  return [requestAt(accepted), requestAt({ ...accepted, prefix: `${accepted.prefix}\n${indentation}` })];
}
