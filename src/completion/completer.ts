/** The completer of a session: the sources with their state, and the pipelines made of them. */
import type { Clock } from '../common/clock';
import { complete, type Pipeline } from './complete';
import { completeSeveral } from './complete-several';
import { filters } from './filters/filters';
import type { LocalModel } from './local-model';
import { afterPreparation, createPreparation } from './prepare-next';
import { createReadAhead } from './read-ahead';
import type { CompletionRequest, GenerationReport, Outcome, Suggestion } from './request';
import { copied } from './sources/copied';
import { createModelSources } from './sources/model';
import { createRemembered, requestKey } from './sources/remembered';
import { createTypedAlong } from './sources/typed-along';
import { createDebounce, type RefusalRule, refusalRules, whenTypingPauses } from './when';

export interface Completer {
  /** A keystroke, or a user who asks for one answer. */
  complete(request: CompletionRequest, signal: AbortSignal): Promise<Outcome>;
  /**
   * Several different answers for a user who asks, within the time that one may take; or a single outcome with nothing.
   * @param maxAnswers by default as many as a user goes through with keys
   */
  completeSeveral(
    request: CompletionRequest,
    signal: AbortSignal,
    maxAnswers?: number,
  ): Promise<readonly Outcome[]>;
  /** Asks the model in any case, also if an earlier answer is remembered. */
  completeAnew(request: CompletionRequest, signal: AbortSignal): Promise<Outcome>;
  /** While the user reads `shown`, finds the answer to what accepting it will ask. The next request stops that. */
  prepareNext(request: CompletionRequest, shown: Suggestion): Promise<void>;
  /**
   * While the cursor rests at a new place, reads the prompt of a request there. The next request stops that.
   * @returns what was read; undefined if there was nothing to read, or if it was stopped
   */
  readAhead(request: CompletionRequest): Promise<GenerationReport | undefined>;
  /** Drops the last suggestion, so that a changed setting shows at once, and stops work in the background. */
  forget(): void;
}

export interface CompleterOptions {
  /** Opens the model on first use. */
  readonly openModel: () => Promise<LocalModel>;
  readonly clock: Clock;
  /** In place of ours; the editor gives ours together with its own. */
  readonly refusals?: readonly RefusalRule[];
}

export function createCompleter({ openModel, clock, refusals = refusalRules }: CompleterOptions): Completer {
  const debounce = createDebounce(clock);
  const typedAlong = createTypedAlong();
  const isKnown = (request: CompletionRequest) => typedAlong.remainder(request) !== undefined;
  const preparation = createPreparation(clock, isKnown);
  const remembered = createRemembered();
  const model = createModelSources(openModel, clock);
  const readAhead = createReadAhead(model.read, { refusals });
  const recall = afterPreparation(preparation, remembered.source);
  const ask = whenTypingPauses(debounce, model.ask);

  /** The way of a keystroke (docs/architecture.md): the sources in the order in which they are asked. */
  const keystroke: Pipeline = {
    refusals,
    sources: [typedAlong.source, copied, recall, ask],
    memories: [typedAlong.memory, remembered.memory],
    filters,
  };
  const several = {
    all: keystroke,
    copies: { ...keystroke, sources: [copied], memories: [] },
    model: { ...keystroke, sources: [recall, ask], memories: [remembered.memory] },
  };
  const anew = { ...keystroke, sources: [copied, ask] };
  const preparing = {
    ...keystroke,
    sources: [copied, remembered.source, model.guess],
    memories: [remembered.preparedMemory],
  };

  const requestArrives = (request: CompletionRequest) => {
    preparation.stopUnlessFor(requestKey(request));
    readAhead.stopFor(request);
    if (request.trigger === 'automatic') debounce.keyTyped();
  };

  return {
    complete(request, signal) {
      requestArrives(request);
      return complete(request, keystroke, signal);
    },
    completeSeveral(request, signal, maxAnswers) {
      requestArrives(request);
      return completeSeveral(request, several, clock, signal, maxAnswers);
    },
    completeAnew(request, signal) {
      requestArrives(request);
      return complete(request, anew, signal);
    },
    prepareNext: (request, shown) => preparation.start(request, shown, preparing),
    readAhead: readAhead.start,
    forget() {
      typedAlong.forget();
      preparation.stop();
      readAhead.stop();
    },
  };
}
