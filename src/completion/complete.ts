/**
 * One keystroke, from a document to what the editor shows. The steps are those of docs/architecture.md, in order; the
 * editor does the first (a document becomes a snapshot) and the last (an item, only if the document is still the same).
 */
import { type DocumentSnapshot, linePrefix } from '../context/document-snapshot';
import type { OtherFile } from '../context/other-file';
import type { TextWindow } from '../context/sticky-window';
import { untilAborted } from '../engine/until-aborted';
import { postprocess as postprocessFully } from '../postprocess/postprocess';
import { spellPrompt } from '../prompt/spell-prompt';
import { buildPrompt } from './build-prompt';
import { createSnippetChooser } from './choose-snippets';
import type { Clock } from './clock';
import { completeSeveral } from './complete-several';
import { judgeConfidence } from './confidence';
import { createDebounce } from './debounce';
import { type GenerationReport, generateText, type TextResult } from './generate-text';
import { createLastSuggestion, type GeneratedText } from './last-suggestion';
import type { LocalModel } from './local-model';
import { PerDocument } from './per-document';
import type { CompletionSettings } from './settings';
import { createSuggestionCache } from './suggestion-cache';
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
  /**
   * Files that may be shown beside the document, the most recent first; asked only where the model is to see some. The
   * same file is the same object until its text changes.
   */
  readonly otherFiles?: () => readonly OtherFile[];
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
  readonly source: 'last-suggestion' | 'cache' | 'model';
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
  const windows = new PerDocument<TextWindow>();
  const chooseSnippets = createSnippetChooser();

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

  const complete: Completer['complete'] = async (request, signal) => {
    const { document, settings, trigger, trace } = request;
    const refusal = request.refusal ?? findRefusal(document, trigger, settings);
    const scope = request.scope ?? decideScope(document);
    trace?.({ step: 'trigger', refusal, scope });
    if (refusal !== undefined) return undefined;

    const key = cacheKey(document, scope, settings);
    if (!request.alwaysGenerate) {
      const remainder = request.isAlternative ? undefined : lastSuggestion.remainder(document);
      if (remainder) trace?.({ step: 'reuse', source: 'last-suggestion', generated: remainder });
      const shown = remainder && show(remainder, request, 'last-suggestion');
      if (shown) return shown;
      const cached = suggestionCache.get(key);
      if (cached) {
        trace?.({ step: 'reuse', source: 'cache', generated: cached });
        if (!request.isAlternative) lastSuggestion.remember(document, cached);
        return show(cached, request, 'cache');
      }
    }

    if (trigger === 'automatic' && !(await debounce.wait(settings.debounce, signal))) return undefined;

    // To open a model may take minutes, and whoever asked may have typed on long since.
    const model = await untilAborted(openModel(), signal);
    if (model === undefined || signal.aborted) return undefined;
    const limits = withinModel(settings, model);
    const snippets = chooseSnippets(document, request.otherFiles ?? (() => []), model, limits);
    const promptIds = buildPrompt(document, snippets, model, limits, windows);
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
    return show(generated, request, 'model', report);
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
  const { sampling, maxTokens, contextTokens, otherFiles } = settings;
  return JSON.stringify([
    uri,
    prefix.slice(-2000),
    suffix.slice(0, 500),
    scope,
    sampling,
    maxTokens,
    contextTokens,
    otherFiles,
  ]);
}
