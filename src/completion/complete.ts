/**
 * One keystroke, from a document to what the editor shows. The steps are those of docs/architecture.md, in order; the
 * editor does the first (a document becomes a snapshot) and the last (an item, only if the document is still the same).
 */

import type { Clock } from '../common/clock';
import { LruMap } from '../common/lru-map';
import { untilAborted } from '../common/until-aborted';
import { type DocumentSnapshot, linePrefix } from '../document/document-snapshot';
import { indentationOf } from '../document/words';
import { createPieceChooser } from '../other-files/choose-pieces';
import type { OtherFile } from '../other-files/other-file';
import { buildPrompt, piecesBudget, wantsOtherFiles } from '../prompt/build-prompt';
import { spellPrompt } from '../prompt/spell-prompt';
import type { TextWindow } from '../prompt/sticky-window';
import type { CompletionSettings } from '../settings/settings';
import { completeSeveral } from './complete-several';
import type { Trace } from './explain/trace';
import { postprocess as postprocessFully } from './filters/postprocess';
import { judgeConfidence } from './judge/confidence';
import type { LocalModel } from './local-model';
import { createPreparation, type NextPlace } from './prepare-next';
import { createPresenter, sureEnough } from './present';
import { type CopyCandidate, copyCandidate } from './sources/copied';
import { type GenerationReport, generateText, type TextResult } from './sources/generate-text';
import { cacheKey, createSuggestionCache } from './sources/remembered';
import { createLastSuggestion, type GeneratedText } from './sources/typed-along';
import { createDebounce } from './when/debounce';
import {
  decideScope,
  findRefusal as findAnyRefusal,
  type Refusal,
  type Scope,
  type TriggerKind,
} from './when/trigger';

export interface CompletionRequest {
  readonly document: DocumentSnapshot;
  readonly trigger: TriggerKind;
  readonly settings: CompletionSettings;
  /**
   * Files that may be copied from, or shown to the model beside the document, the most recent first; undefined while
   * nobody knows yet which there are. Not asked where the settings want none. The same file is the same object until its
   * text changes.
   */
  readonly otherFiles?: (() => readonly OtherFile[] | undefined) | undefined;
  /** Overrides the decision on how much is wanted. */
  readonly scope?: Scope;
  /** Ask the model even where an earlier answer would do. */
  readonly alwaysGenerate?: boolean;
  /** One more answer beside an earlier one: it does not become the one that is typed along. */
  readonly isAlternative?: boolean;
  /** Hear only one of the sources. */
  readonly only?: 'copy' | 'model' | undefined;
  /** What only the editor knows against a suggestion here. */
  readonly refusal?: Refusal | undefined;
  /** Told what the model wrote, before the filters. */
  readonly onGenerated?: (generated: TextResult) => void;
  /** Told each step; what it hears has the document's text in it, so it must not be logged. */
  readonly trace?: Trace | undefined;
}

export interface Completion {
  readonly text: string;
  /** Characters right of the cursor that `text` takes the place of. */
  readonly replaceAfter: number;
  /**
   * 'copy': what followed elsewhere in the document or in another file. The others are the model's: 'last-suggestion' and
   * 'cache' what it said before, 'prepared' what it said before anybody asked.
   */
  readonly source: 'copy' | 'last-suggestion' | 'cache' | 'prepared' | 'model';
  /** Probability that it is right. */
  readonly confidence: number;
  /** Of the model's run, where there was one. */
  readonly report?: GenerationReport;
}

export interface Completer {
  /** @returns undefined where there is nothing to show, or when `signal` aborts */
  complete(request: CompletionRequest, signal: AbortSignal): Promise<Completion | undefined>;
  /** Several different answers, the likeliest first, within the time that one may take. */
  completeSeveral(request: CompletionRequest, signal: AbortSignal): Promise<readonly Completion[]>;
  /** While the user reads `shown`, finds out what accepting it will ask for; the next request stops that. */
  prepareNext(request: CompletionRequest, shown: Completion): Promise<void>;
  /** Drops the last suggestion, so that a changed setting shows at once, and what is being prepared. */
  forget(): void;
}

export interface CompleterParts {
  /** The model, opened on first use. */
  readonly openModel: () => Promise<LocalModel>;
  readonly clock: Clock;
  /** In place of ours: a benchmark leaves out a gate or a filter to see what it is worth. */
  readonly findRefusal?: typeof findAnyRefusal;
  readonly postprocess?: typeof postprocessFully;
}

/** Suggestions that are remembered by content. */
const cachedSuggestions = 64;
/** Documents whose prompt's window is remembered. Users rarely work in more at once. */
const rememberedDocuments = 32;

export function createCompleter({
  openModel,
  clock,
  findRefusal = findAnyRefusal,
  postprocess = postprocessFully,
}: CompleterParts): Completer {
  const lastSuggestion = createLastSuggestion();
  const suggestionCache = createSuggestionCache(cachedSuggestions);
  const debounce = createDebounce(clock);
  const windows = new LruMap<string, TextWindow>(rememberedDocuments);
  const pieceChooser = createPieceChooser();
  const preparation = createPreparation(clock);
  const { filter, show } = createPresenter(postprocess);

  /** @param isGuess nobody has asked yet: window and pieces stay as they are, or the next key would pay for it */
  const askModel = async (
    { document, settings, otherFiles: files = () => [], trace }: CompletionRequest,
    scope: Scope,
    signal: AbortSignal,
    isGuess = false,
  ): Promise<TextResult | undefined> => {
    // To open a model may take minutes, and whoever asked may have typed on long since.
    const model = await untilAborted(openModel(), signal);
    if (model === undefined || signal.aborted) return undefined;
    const limits = withinModel(settings, model);
    const previous = windows.get(document.uri);
    const choosePieces = () =>
      isGuess
        ? pieceChooser.last(document)
        : pieceChooser.choose(document, files(), piecesBudget(model, limits));
    const otherFiles = wantsOtherFiles(model, limits) ? choosePieces() : [];
    const { ids, window, healed } = buildPrompt(document, model, limits, { previous, otherFiles });
    if (isGuess && (window.start !== previous?.start || window.suffix !== previous.suffix)) return undefined;
    if (!isGuess) windows.set(document.uri, window);
    trace?.({ step: 'prompt', prompt: spellPrompt(model.tokenizer, ids), typed: healed?.typed ?? '' });
    const indentation = indentationOf(linePrefix(document));
    return generateText(model, { promptIds: ids, healed, scope, indentation }, limits, clock.now, signal);
  };

  const complete: Completer['complete'] = async (request, signal) => {
    const { document, settings, trigger, trace } = request;
    const refusal = request.refusal ?? findRefusal(document, trigger, settings);
    const scope = request.scope ?? decideScope(document);
    trace?.({ step: 'trigger', refusal, scope });
    if (refusal !== undefined) {
      preparation.stop();
      return undefined;
    }

    /** What the user asked for and saw stays while it is typed along. A copy is not remembered but found anew. */
    const answer = (completion: Completion | undefined): Completion | undefined => {
      const isOfModel = completion !== undefined && completion.source !== 'copy';
      if (trigger === 'manual' && !request.isAlternative && isOfModel) lastSuggestion.markAskedFor();
      return completion;
    };

    const key = cacheKey(document, scope, settings);
    const preparing = preparation.meet(key);
    const isRemembered = !request.alwaysGenerate && request.only !== 'copy';
    if (isRemembered && !request.isAlternative) {
      const remainder = lastSuggestion.remainder(document);
      if (remainder) trace?.({ step: 'reuse', source: 'last-suggestion', generated: remainder });
      // What is typed along stays what it is, whatever the document has to say by now, and however unsure it was if the
      // user asked for it.
      const judged = remainder?.wasAskedFor ? { ...request, trigger: 'manual' as const } : request;
      const shown = remainder && show(remainder, undefined, judged, 'last-suggestion');
      if (shown) return answer(shown);
    }
    const copied = copyFor(request, scope);
    if (request.only === 'copy' && copied === undefined) return undefined;
    if (copied) {
      const least = trigger === 'automatic' ? sureEnough(settings) : 0;
      const judgement = judgeConfidence(copied, least);
      trace?.({ step: 'copy', least, copied, ...judgement });
      // Whoever asks has both weighed.
      const isEnough = trigger === 'automatic' || request.only === 'copy';
      const shown = isEnough ? filter(judgement, request, 'copy') : undefined;
      if (shown || request.only === 'copy') return shown;
    }
    if (preparing) await untilAborted(preparing, signal);
    const cached = isRemembered ? suggestionCache.get(key) : undefined;
    if (cached) {
      const source = cached.isPrepared ? 'prepared' : 'cache';
      trace?.({ step: 'reuse', source, generated: cached });
      if (!request.isAlternative) lastSuggestion.remember(document, cached);
      return answer(show(cached, copied, request, source));
    }

    if (trigger === 'automatic' && !(await debounce.wait(settings.debounce, signal))) return undefined;

    const result = await askModel(request, scope, signal);
    if (result === undefined) return undefined;
    debounce.observe(result.report.totalMs);
    request.onGenerated?.(result);
    trace?.({ step: 'generated', result });

    const generated = generatedText(result, scope);
    if (!request.isAlternative) lastSuggestion.remember(document, generated);
    if (isLasting(result)) suggestionCache.set(key, generated);
    return answer(show(generated, copied, request, 'model', result.report));
  };

  /** The request that typing would make at `document`, its answer put into the cache. */
  const nextPlace = (
    document: DocumentSnapshot,
    { settings, only, otherFiles, scope = decideScope(document) }: CompletionRequest,
  ): NextPlace => {
    const request = { document, settings, trigger: 'automatic' } as const;
    const key = cacheKey(document, scope, settings);
    return {
      key,
      async prepare(signal) {
        if (findRefusal(document, request.trigger, settings) !== undefined) return undefined;
        // The model would only say the rest of it again.
        if (lastSuggestion.remainder(document) !== undefined) return undefined;
        const copied = copyFor({ document, settings, only, otherFiles }, scope);
        // Nor is it asked where the document itself is sure enough.
        const judgement = copied && judgeConfidence(copied, sureEnough(settings));
        if (judgement && filter(judgement, request, 'copy')) return 'shown';
        let generated = suggestionCache.get(key);
        if (generated === undefined) {
          const result = await askModel(request, scope, signal, true);
          if (result === undefined || !isLasting(result)) return undefined;
          generated = { ...generatedText(result, scope), isPrepared: true };
          suggestionCache.set(key, generated);
        }
        return show(generated, copied, request, 'prepared') === undefined ? 'nothing' : 'shown';
      },
    };
  };

  return {
    complete,
    prepareNext: (request, shown) =>
      preparation.start(request.document, shown, document => nextPlace(document, request)),
    completeSeveral: (request, signal) => completeSeveral(complete, request, clock, signal),
    forget() {
      lastSuggestion.forget();
      preparation.stop();
    },
  };
}

/** What the document itself and the files beside it have to say, where they are asked. */
function copyFor(
  { document, settings, only, otherFiles }: Omit<CompletionRequest, 'trigger'>,
  scope: Scope,
): CopyCandidate | undefined {
  if (only === 'model' || !settings.copies) return undefined;
  return copyCandidate(document, scope, settings.otherFiles === 'never' ? [] : otherFiles?.());
}

function generatedText({ report: _, ...written }: TextResult, scope: Scope): GeneratedText {
  return { ...written, scope };
}

/** What ran out of time says more of the machine at that moment than of the model. */
function isLasting({ report }: TextResult): boolean {
  return report.stopReason !== 'max-time';
}

/** An answer takes half of the model's window at most: the rest is for what it answers. */
function withinModel(settings: CompletionSettings, { contextWindow }: LocalModel): CompletionSettings {
  return { ...settings, maxTokens: Math.min(settings.maxTokens, Math.floor(contextWindow / 2)) };
}
