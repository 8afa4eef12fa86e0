/**
 * One keystroke, from a document to what the editor shows. The steps are those of docs/architecture.md, in order; the
 * editor does the first (a document becomes a snapshot) and the last (an item, only if the document is still the same).
 */
import { type DocumentSnapshot, linePrefix } from '../context/document-snapshot';
import { untilAborted } from '../engine/until-aborted';
import { postprocess as postprocessFully } from '../postprocess/postprocess';
import { spellPrompt } from '../prompt/spell-prompt';
import { buildPrompt, PromptWindows } from './build-prompt';
import { calibrate } from './calibrate';
import type { Clock } from './clock';
import { completeSeveral } from './complete-several';
import { type Judgement, judgeConfidence } from './confidence';
import { type CopyCandidate, copyCandidate } from './copy-candidate';
import { createDebounce } from './debounce';
import { type GenerationReport, generateText, type TextResult } from './generate-text';
import { createLastSuggestion, type GeneratedText } from './last-suggestion';
import type { LocalModel } from './local-model';
import type { CompletionSettings } from './settings';
import { createSuggestionCache } from './suggestion-cache';
import type { Trace } from './trace';
import {
  decideScope,
  findRefusal as findAnyRefusal,
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
  /** Hear only one of the sources. */
  readonly only?: 'copy' | 'model';
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
  /** 'copy': what followed elsewhere in the document. 'last-suggestion', 'cache': what the model said before. */
  readonly source: 'copy' | 'last-suggestion' | 'cache' | 'model';
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
  /** Drops the last suggestion, so that a changed setting shows at once. */
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
/** A copy this likely is shown at once: to ask the model as well costs a run and made none better (docs/log.md). */
const sureCopy = 0.5;

export function createCompleter({
  openModel,
  clock,
  findRefusal = findAnyRefusal,
  postprocess = postprocessFully,
}: CompleterParts): Completer {
  const lastSuggestion = createLastSuggestion();
  const suggestionCache = createSuggestionCache(cachedSuggestions);
  const debounce = createDebounce(clock);
  const windows = new PromptWindows();

  const filter = (
    { text, confidence }: Judgement,
    { document, trace }: CompletionRequest,
    source: Completion['source'],
    report?: GenerationReport,
  ): Completion | undefined => {
    if (text === undefined) return undefined;
    const insertion = postprocess(text, document, verdict => trace?.({ step: 'filter', ...verdict }));
    if (insertion) trace?.({ step: 'shown', ...insertion });
    return insertion && { ...insertion, source, confidence, ...(report && { report }) };
  };

  /** What of the model's text is worth showing, or of the copy where that is likelier. Whoever asks sees all of it. */
  const show = (
    generated: GeneratedText,
    copied: CopyCandidate | undefined,
    request: CompletionRequest,
    source: Completion['source'],
    report?: GenerationReport,
  ): Completion | undefined => {
    const least = request.trigger === 'manual' ? 0 : request.settings.minConfidence;
    const judgement = judgeConfidence(calibrate(generated), least);
    request.trace?.({ step: 'confidence', least, ...judgement });
    const ofModel = () => filter(judgement, request, source, report);
    const ofCopy = copied && judgeConfidence(copied, least);
    if (ofCopy === undefined || ofCopy.confidence <= judgement.confidence) return ofModel();
    return filter(ofCopy, request, 'copy', report) ?? ofModel();
  };

  const complete: Completer['complete'] = async (request, signal) => {
    const { document, settings, trigger, trace } = request;
    const refusal = request.refusal ?? findRefusal(document, trigger, settings);
    const scope = request.scope ?? decideScope(document);
    trace?.({ step: 'trigger', refusal, scope });
    if (refusal !== undefined) return undefined;

    const copied = request.only === 'model' ? undefined : copyCandidate(document, scope);
    const isRemembered = !request.alwaysGenerate && request.only !== 'copy';
    if (isRemembered && !request.isAlternative) {
      const remainder = lastSuggestion.remainder(document);
      if (remainder) trace?.({ step: 'reuse', source: 'last-suggestion', generated: remainder });
      // What is typed along stays what it is, whatever the document has to say by now.
      const shown = remainder && show(remainder, undefined, request, 'last-suggestion');
      if (shown) return shown;
    }
    if (copied) {
      const least = trigger === 'automatic' ? Math.max(sureCopy, settings.minConfidence) : 0;
      const judgement = judgeConfidence(copied, least);
      trace?.({ step: 'copy', least, copied, ...judgement });
      // Whoever asks has both weighed.
      const isEnough = trigger === 'automatic' || request.only === 'copy';
      const shown = isEnough ? filter(judgement, request, 'copy') : undefined;
      if (shown || request.only === 'copy') return shown;
    }
    const key = cacheKey(document, scope, settings);
    const cached = isRemembered ? suggestionCache.get(key) : undefined;
    if (cached) {
      trace?.({ step: 'reuse', source: 'cache', generated: cached });
      if (!request.isAlternative) lastSuggestion.remember(document, cached);
      return show(cached, copied, request, 'cache');
    }

    if (trigger === 'automatic' && !(await debounce.wait(settings.debounce, signal))) return undefined;

    // To open a model may take minutes, and whoever asked may have typed on long since.
    const model = await untilAborted(openModel(), signal);
    if (model === undefined || signal.aborted) return undefined;
    const limits = withinModel(settings, model);
    const promptIds = buildPrompt(document, model, limits, windows);
    trace?.({ step: 'prompt', prompt: spellPrompt(model.tokenizer, promptIds) });
    const indentation = indentationOf(linePrefix(document));
    const result = await generateText(model, { promptIds, scope, indentation }, limits, clock.now, signal);
    if (result === undefined) return undefined;
    debounce.observe(result.report.totalMs);
    request.onGenerated?.(result);
    trace?.({ step: 'generated', result });

    const { report, ...written } = result;
    const generated = { ...written, scope };
    if (!request.isAlternative) lastSuggestion.remember(document, generated);
    // What ran out of time says more of the machine at that moment than of the model.
    if (report.stopReason !== 'max-time') suggestionCache.set(key, generated);
    return show(generated, copied, request, 'model', report);
  };

  return {
    complete,
    completeSeveral: (request, signal) => completeSeveral(complete, request, clock, signal),
    forget: () => lastSuggestion.forget(),
  };
}

/** An answer takes half of the model's window at most: the rest is for what it answers. */
function withinModel(settings: CompletionSettings, { contextWindow }: LocalModel): CompletionSettings {
  return { ...settings, maxTokens: Math.min(settings.maxTokens, Math.floor(contextWindow / 2)) };
}

/** All that an answer depends on: the text near the cursor, how much is wanted, and how it is drawn. */
function cacheKey(
  { uri, prefix, suffix }: DocumentSnapshot,
  scope: Scope,
  settings: CompletionSettings,
): string {
  const { sampling, maxTokens, contextTokens } = settings;
  return JSON.stringify([
    uri,
    prefix.slice(-2000),
    suffix.slice(0, 500),
    scope,
    sampling,
    maxTokens,
    contextTokens,
  ]);
}
