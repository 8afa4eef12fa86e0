/** Runs a prompt and turns the tokens that come back into the text of one suggestion. */
import type { StopReason } from '../../generation/engine';
import type { HealedText } from '../../prompt/token-healing';
import type { CompletionSettings } from '../../settings/settings';
import { createStreamDecoder } from '../../tokenizer/tokenizer';
import { dropTyped, type ScoredText } from '../judge/scored-text';
import type { LocalModel } from '../local-model';
import type { Scope } from '../when/trigger';
import { cutUnfinished, findScopeEnd } from './scope-end';

export interface TextRequest {
  readonly promptIds: readonly number[];
  /** Where the prompt ends before the cursor: what the model says of it is not part of the answer. */
  readonly healed?: Pick<HealedText, 'typed' | 'constraint'> | undefined;
  readonly scope: Scope;
  /** Columns before the cursor's place in its block. */
  readonly indentation: number;
}

export interface GenerationReport {
  readonly promptTokens: number;
  /** Prompt tokens that the cache served. */
  readonly cachedTokens: number;
  readonly generatedTokens: number;
  /** Milliseconds until the prompt was in the cache, and until the last token, both since the request. */
  readonly prefillMs: number;
  readonly totalMs: number;
  /** 'scope-end': the text reached the end of its line or block. */
  readonly stopReason: StopReason | 'scope-end';
}

export interface TextResult extends ScoredText {
  readonly report: GenerationReport;
}

/** @returns undefined if the request was aborted or the engine failed */
export async function generateText(
  {
    engine,
    tokenizer,
    layout,
    lineBreakIds,
  }: Pick<LocalModel, 'engine' | 'tokenizer' | 'layout' | 'lineBreakIds'>,
  { promptIds, healed, scope, indentation }: TextRequest,
  settings: Pick<CompletionSettings, 'sampling' | 'maxTokens' | 'maxTime'>,
  now: () => number,
  signal: AbortSignal,
): Promise<TextResult | undefined> {
  const start = now();
  const decoder = createStreamDecoder(tokenizer);
  const lastIds = scope === 'line' ? lineBreakIds : [];
  const stopping = { endIds: layout.endIds, lastIds, maxTokens: settings.maxTokens, maxMs: settings.maxTime };

  const { typed = '', constraint } = healed ?? {};
  /** From the end of the prompt; the answer begins behind what is typed. */
  let text = '';
  let end: number | undefined;
  let stopReason: GenerationReport['stopReason'] = 'scope-end';
  let cachedTokens = 0;
  const tokenTexts: string[] = [];
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
      tokenTexts.push(added);
      logProbs.push(event.logProb);
      text += added;
      end = findScopeEnd(text.slice(typed.length), scope, indentation);
      if (end !== undefined) break;
    } else {
      stopReason = event.reason;
    }
  }
  if (signal.aborted || stopReason === 'aborted' || stopReason === 'failed') return undefined;

  const isUnfinished = stopReason === 'max-tokens' || stopReason === 'max-time';
  const answer = dropTyped({ text, tokenTexts, logProbs }, typed.length);
  return {
    ...answer,
    text: isUnfinished ? cutUnfinished(answer.text, scope) : answer.text.slice(0, end),
    report: {
      promptTokens: promptIds.length,
      cachedTokens,
      generatedTokens: tokenTexts.length,
      prefillMs,
      totalMs: now() - start,
      stopReason,
    },
  };
}
