/**
 * One keystroke, from a document to what the editor shows. The steps are those of docs/architecture.md, in order; the
 * editor does the first (a document becomes a snapshot) and the last (an item, only if the document is still the same).
 */
import { type DocumentSnapshot, linePrefix } from '../context/document-snapshot';
import { untilAborted } from '../engine/until-aborted';
import { postprocess as postprocessFully } from '../postprocess/postprocess';
import { buildPrompt, PromptWindows } from './build-prompt';
import type { Clock } from './clock';
import { createDebounce } from './debounce';
import { type GenerationReport, generateText, type TextResult } from './generate-text';
import { createLastSuggestion, type GeneratedText } from './last-suggestion';
import type { LocalModel } from './local-model';
import type { CompletionSettings } from './settings';
import { createSuggestionCache } from './suggestion-cache';
import { decideScope, indentationOf, type Scope, type TriggerKind } from './trigger';

export interface CompletionRequest {
  readonly document: DocumentSnapshot;
  readonly trigger: TriggerKind;
  readonly settings: CompletionSettings;
  /** Overrides the decision on how much is wanted. */
  readonly scope?: Scope;
  /** Ask the model even where an earlier answer would do. */
  readonly alwaysGenerate?: boolean;
  /** Told what the model wrote, before the filters. */
  readonly onGenerated?: (generated: TextResult) => void;
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
  const windows = new PromptWindows();

  const show = (
    generated: GeneratedText,
    document: DocumentSnapshot,
    source: Completion['source'],
    report?: GenerationReport,
  ): Completion | undefined => {
    const insertion = postprocess(generated.text, document);
    return insertion && { ...insertion, source, ...(report && { report }) };
  };

  return {
    async complete(request, signal) {
      const { document, settings, trigger } = request;
      const scope = request.scope ?? decideScope(document, trigger, settings);
      if (scope === undefined) return undefined;

      const key = cacheKey(document, scope, settings);
      if (!request.alwaysGenerate) {
        const remainder = lastSuggestion.remainder(document);
        const shown = remainder && show(remainder, document, 'last-suggestion');
        if (shown) return shown;
        const cached = suggestionCache.get(key);
        if (cached) {
          lastSuggestion.remember(document, cached);
          return show(cached, document, 'cache');
        }
      }

      if (trigger === 'automatic' && !(await debounce.wait(settings.debounce, signal))) return undefined;

      // To open a model may take minutes, and whoever asked may have typed on long since.
      const model = await untilAborted(openModel(), signal);
      if (model === undefined || signal.aborted) return undefined;
      const limits = withinModel(settings, model);
      const promptIds = buildPrompt(document, model, limits, windows);
      const indentation = indentationOf(linePrefix(document));
      const result = await generateText(model, { promptIds, scope, indentation }, limits, clock.now, signal);
      if (result === undefined) return undefined;
      debounce.observe(result.report.totalMs);
      request.onGenerated?.(result);

      const generated = { text: result.text, scope };
      lastSuggestion.remember(document, generated);
      // What ran out of time says more of the machine at that moment than of the model.
      if (result.report.stopReason !== 'max-time') suggestionCache.set(key, generated);
      return show(generated, document, 'model', result.report);
    },
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
