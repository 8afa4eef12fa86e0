/**
 * One keystroke, from a document to what the editor shows. The steps are those of docs/architecture.md, in order; the
 * editor does the first (a document becomes a snapshot) and the last (an item, only if the document is still the same).
 */
import { type DocumentSnapshot, linePrefix } from '../context/document-snapshot';
import { untilAborted } from '../engine/until-aborted';
import { postprocess as postprocessFully } from '../postprocess/postprocess';
import { spellPrompt } from '../prompt/spell-prompt';
import { buildPrompt, PromptWindows } from './build-prompt';
import type { Clock } from './clock';
import { completeSeveral } from './complete-several';
import { judgeConfidence } from './confidence';
import { createDebounce } from './debounce';
import { type GenerationReport, generateText, type TextResult } from './generate-text';
import { createLastSuggestion, type GeneratedText } from './last-suggestion';
import type { LocalModel } from './local-model';
import { createPreparation, type NextPlace } from './prepare-next';
import type { CompletionSettings } from './settings';
import { cacheKey, createSuggestionCache } from './suggestion-cache';
import type { Trace } from './trace';
import {
  decideScope,
  findRefusal,
  indentationOf,
  type Refusal,
  type Scope,
  type TriggerKind,
} from './trigger';

export interface CompletionRequest {
  readonly document: DocumentSnapshot;
  readonly trigger: TriggerKind;
  readonly settings: CompletionSettings;
  /** Overrides the decision on how much is wanted. */
  readonly scope?: Scope;
  /** Ask the model even where an earlier answer would do. */
  readonly alwaysGenerate?: boolean;
  /** One more answer beside an earlier one: it does not become the one that is typed along. */
  readonly isAlternative?: boolean;
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
  /** 'prepared': from the cache, and there before it was asked for. */
  readonly source: 'last-suggestion' | 'cache' | 'prepared' | 'model';
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
  /** In place of ours: a benchmark leaves out a filter to see what it is worth. */
  readonly postprocess?: typeof postprocessFully;
}

/** Suggestions that are remembered by content. */
const cachedSuggestions = 64;

export function createCompleter({
  openModel,
  clock,
  postprocess = postprocessFully,
}: CompleterParts): Completer {
  const lastSuggestion = createLastSuggestion();
  const suggestionCache = createSuggestionCache(cachedSuggestions);
  const debounce = createDebounce(clock);
  const windows = new PromptWindows();
  const preparation = createPreparation(clock);

  /** What of the model's text is worth showing. Whoever asks sees also what the model is not sure of. */
  const show = (
    generated: GeneratedText,
    { document, trigger, settings, trace }: CompletionRequest,
    source: Completion['source'],
    report?: GenerationReport,
  ): Completion | undefined => {
    const least = trigger === 'manual' ? 0 : settings.minConfidence;
    const judgement = judgeConfidence(generated, least);
    trace?.({ step: 'confidence', least, ...judgement });
    if (judgement.text === undefined) return undefined;
    const insertion = postprocess(judgement.text, document, verdict =>
      trace?.({ step: 'filter', ...verdict }),
    );
    if (insertion) trace?.({ step: 'shown', ...insertion });
    return insertion && { ...insertion, source, ...(report && { report }) };
  };

  /** @param isGuess nobody has asked yet: the window stays as it is, or the next key would pay for it */
  const askModel = async (
    { document, settings, trace }: CompletionRequest,
    scope: Scope,
    signal: AbortSignal,
    isGuess = false,
  ): Promise<TextResult | undefined> => {
    // To open a model may take minutes, and whoever asked may have typed on long since.
    const model = await untilAborted(openModel(), signal);
    if (model === undefined || signal.aborted) return undefined;
    const limits = withinModel(settings, model);
    const previous = windows.get(document.uri);
    const { ids, window } = buildPrompt(document, model, limits, previous);
    if (isGuess && (window.start !== previous?.start || window.suffix !== previous.suffix)) return undefined;
    if (!isGuess) windows.set(document.uri, window);
    trace?.({ step: 'prompt', prompt: spellPrompt(model.tokenizer, ids) });
    const indentation = indentationOf(linePrefix(document));
    return generateText(model, { promptIds: ids, scope, indentation }, limits, clock.now, signal);
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

    const key = cacheKey(document, scope, settings);
    const preparing = preparation.meet(key);
    if (preparing) await untilAborted(preparing, signal);
    if (!request.alwaysGenerate) {
      const remainder = request.isAlternative ? undefined : lastSuggestion.remainder(document);
      if (remainder) trace?.({ step: 'reuse', source: 'last-suggestion', generated: remainder });
      const shown = remainder && show(remainder, request, 'last-suggestion');
      if (shown) return shown;
      const cached = suggestionCache.get(key);
      if (cached) {
        const source = cached.isPrepared ? 'prepared' : 'cache';
        trace?.({ step: 'reuse', source, generated: cached });
        if (!request.isAlternative) lastSuggestion.remember(document, cached);
        return show(cached, request, source);
      }
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
    return show(generated, request, 'model', result.report);
  };

  /** The request that typing would make at `document`, its answer put into the cache. */
  const nextPlace = (
    document: DocumentSnapshot,
    { settings, scope = decideScope(document) }: CompletionRequest,
  ): NextPlace => {
    const request = { document, settings, trigger: 'automatic' } as const;
    const key = cacheKey(document, scope, settings);
    return {
      key,
      async prepare(signal) {
        if (findRefusal(document, request.trigger, settings) !== undefined) return undefined;
        // The model would only say the rest of it again.
        if (lastSuggestion.remainder(document) !== undefined) return undefined;
        let generated = suggestionCache.get(key);
        if (generated === undefined) {
          const result = await askModel(request, scope, signal, true);
          if (result === undefined || !isLasting(result)) return undefined;
          generated = { ...generatedText(result, scope), isPrepared: true };
          suggestionCache.set(key, generated);
        }
        return show(generated, request, 'prepared') === undefined ? 'nothing' : 'shown';
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
