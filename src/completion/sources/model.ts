/**
 * The model as a source: it reads a prompt, writes a text, and says how likely each word is. It stops as soon as the line or
 * the block is complete.
 */

import { type Clock, untilAborted } from '../../common/clock';
import { linePrefix } from '../../document/document-snapshot';
import { indentationOf } from '../../document/words';
import type { LikelihoodLimit } from '../../generation/engine';
import { spellPrompt } from '../../prompt/find-layout';
import { createPromptMemory, type Prompt, type PromptMemory } from '../../prompt/prompt-memory';
import type { HealedText } from '../../prompt/token-healing';
import type { CompletionSettings } from '../../settings/settings';
import { createStreamDecoder } from '../../tokenizer/tokenizer';
import { calibrate, dropTyped } from '../judge';
import type { LocalModel } from '../local-model';
import type { CompletionRequest, GenerationReport, Nothing, Scope, TextResult } from '../request';
import { cutUnfinished, findScopeEnd } from '../scope';
import { minConfidenceFor, type Source } from './source';

export interface ModelSources {
  /** Answers the user's request. The window of the prompt follows the cursor. */
  readonly ask: Source;
  /** Answers a request that the user may make next. The window stays where it is: the next key must not pay for a guess. */
  readonly guess: Source;
  /**
   * Only reads the prompt of a request that the user may make next. The window follows the cursor.
   * @returns undefined if it was stopped
   */
  readonly read: (request: CompletionRequest, signal: AbortSignal) => Promise<GenerationReport | undefined>;
}

/** @param openModel opens the model on first use, which may take minutes */
export function createModelSources(
  openModel: () => Promise<LocalModel>,
  clock: Pick<Clock, 'now'>,
): ModelSources {
  const prompts = createPromptMemory();
  return {
    ask: sourceOf('model', (request, model, settings) => prompts.next(request, model, settings)),
    guess: sourceOf('prepared', (request, model, settings) => prompts.guess(request, model, settings)),
    async read(request, signal) {
      const model = await untilAborted(openModel(), signal);
      if (model === undefined || signal.aborted) return undefined;
      const settings = withinWindow(request.settings, model);
      const { ids } = prompts.next(request, model, settings);
      const question = { promptIds: ids, scope: request.scope, indentation: 0 };
      // The first new token comes with the last run of the prompt.
      const result = await generateText(model, question, { ...settings, maxTokens: 1 }, clock.now, signal);
      return 'why' in result ? undefined : result.report;
    },
  };

  function sourceOf(name: 'model' | 'prepared', promptFor: PromptMemory['guess']): Source {
    return async (request, signal) => {
      const model = await untilAborted(openModel(), signal);
      if (model === undefined || signal.aborted) return { why: 'newer-key' };
      const settings = withinWindow(request.settings, model);
      const prompt = promptFor(request, model, settings);
      if (prompt === undefined) return { why: 'window-would-move' };
      tracePrompt(request, model, prompt);
      const indentation = indentationOf(linePrefix(request.document));
      const min = minConfidenceFor(request);
      const question = {
        promptIds: prompt.ids,
        healed: prompt.healed,
        scope: request.scope,
        indentation,
        // What is less likely than that is not shown, so it need not be computed.
        likelihood: min === 0 ? undefined : { ...model.calibration, min },
      };
      const result = await generateText(model, question, settings, clock.now, signal);
      if ('why' in result) return result;
      request.trace?.({ step: 'generated', result });
      const { report, ...text } = result;
      const isCut = report.stopReason === 'unlikely';
      const written = { ...text, calibration: model.calibration, isCut };
      return { source: name, words: calibrate(written), enough: 'compare', written, report };
    };
  }
}

function tracePrompt({ trace }: CompletionRequest, { tokenizer }: LocalModel, { ids, healed }: Prompt): void {
  trace?.({ step: 'prompt', spell: () => spellPrompt(tokenizer, ids), typed: healed?.typed ?? '' });
}

/** An answer takes at most half of the model's window. The rest is for the prompt. */
function withinWindow(settings: CompletionSettings, { contextWindow }: LocalModel): CompletionSettings {
  return { ...settings, maxTokens: Math.min(settings.maxTokens, Math.floor(contextWindow / 2)) };
}

export interface TextRequest {
  readonly promptIds: readonly number[];
  /** Given if the prompt ends before the cursor. The model writes the missing text again; the answer does not have it. */
  readonly healed?: Pick<HealedText, 'typed' | 'constraint'> | undefined;
  readonly scope: Scope;
  /** Columns before the cursor's place in its block. */
  readonly indentation: number;
  /** Where the model stops because the rest would be too unlikely. */
  readonly likelihood?: LikelihoodLimit | undefined;
}

/**
 * Runs the prompt and turns the tokens into a text. The run stops as soon as the line or the block is complete, or too
 * unlikely to go on.
 * @returns why there is no text if the request was aborted or the engine failed
 */
export async function generateText(
  {
    engine,
    tokenizer,
    layout,
    lineBreakIds,
  }: Pick<LocalModel, 'engine' | 'tokenizer' | 'layout' | 'lineBreakIds'>,
  { promptIds, healed, scope, indentation, likelihood }: TextRequest,
  settings: Pick<CompletionSettings, 'sampling' | 'maxTokens' | 'maxTime'>,
  now: () => number,
  signal: AbortSignal,
): Promise<TextResult | Nothing> {
  const start = now();
  const decoder = createStreamDecoder(tokenizer);
  const lastIds = scope === 'line' ? lineBreakIds : [];
  const stopping = {
    endIds: layout.endIds,
    lastIds,
    maxTokens: settings.maxTokens,
    maxMs: settings.maxTime,
    ...(likelihood && { likelihood }),
  };

  const { typed = '', constraint } = healed ?? {};
  /** What the model wrote. It begins with `typed`, and the answer comes after that. */
  let text = '';
  let end: number | undefined;
  let stopReason: GenerationReport['stopReason'] = 'scope-end';
  let cachedTokens = 0;
  const parts: string[] = [];
  const logProbs: number[] = [];
  let prefillMs = 0;
  for await (const event of engine.generate(
    { ids: promptIds, sampling: settings.sampling, stopping, ...(constraint && { constraint }) },
    signal,
  )) {
    if (event.type === 'prefill') {
      cachedTokens = event.cached;
      prefillMs = now() - start;
    } else if (event.type === 'token') {
      const added = decoder.push(event.id);
      parts.push(added);
      logProbs.push(event.logProb);
      text += added;
      end = findScopeEnd(text.slice(typed.length), scope, indentation);
      if (end !== undefined) break;
    } else {
      stopReason = event.reason;
    }
  }
  if (signal.aborted || stopReason === 'aborted') return { why: 'newer-key' };
  if (stopReason === 'failed') return { why: 'engine-failed' };

  const isUnfinished = stopReason === 'max-tokens' || stopReason === 'max-time';
  const answer = dropTyped({ text, parts, logProbs }, typed.length);
  return {
    ...answer,
    text: isUnfinished ? cutUnfinished(answer.text, scope) : answer.text.slice(0, end),
    report: {
      promptTokens: promptIds.length,
      cachedTokens,
      generatedTokens: parts.length,
      prefillMs,
      totalMs: now() - start,
      stopReason,
    },
  };
}
