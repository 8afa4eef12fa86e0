/** Runs a prompt and turns the tokens that come back into the text of one suggestion. */
import type { StopReason } from '../engine/stopping-criteria';
import { createStreamDecoder } from '../tokenizer/stream-decoder';
import type { LocalModel } from './local-model';
import { cutUnfinished, findScopeEnd } from './scope-end';
import type { CompletionSettings } from './settings';
import type { Scope } from './trigger';

export interface TextRequest {
  readonly promptIds: readonly number[];
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

/** What one token added to the text, and how sure the model was of it. */
export interface TextToken {
  /** Empty while a character is unfinished. */
  readonly text: string;
  /** Natural logarithm of the token's probability. */
  readonly logProb: number;
}

export interface TextResult {
  readonly text: string;
  /** Those that spell `text`, and what the last of them wrote beyond its end. */
  readonly tokens: readonly TextToken[];
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
  { promptIds, scope, indentation }: TextRequest,
  settings: Pick<CompletionSettings, 'sampling' | 'maxTokens' | 'maxTime'>,
  now: () => number,
  signal: AbortSignal,
): Promise<TextResult | undefined> {
  const start = now();
  const decoder = createStreamDecoder(tokenizer);
  const lastIds = scope === 'line' ? lineBreakIds : [];
  const stopping = { endIds: layout.endIds, lastIds, maxTokens: settings.maxTokens, maxMs: settings.maxTime };

  let text = '';
  let end: number | undefined;
  let stopReason: GenerationReport['stopReason'] = 'scope-end';
  let cachedTokens = 0;
  const tokens: TextToken[] = [];
  let prefillMs = 0;
  for await (const event of engine.generate(
    { ids: promptIds, sampling: settings.sampling, stopping },
    signal,
  )) {
    if (event.type === 'prefill') {
      cachedTokens = event.cached;
      prefillMs = now() - start;
    } else if (event.type === 'token') {
      const added = decoder.push(event.id);
      tokens.push({ text: added, logProb: event.logProb });
      text += added;
      end = findScopeEnd(text, scope, indentation);
      if (end !== undefined) break;
    } else {
      stopReason = event.reason;
    }
  }
  if (signal.aborted || stopReason === 'aborted' || stopReason === 'failed') return undefined;

  const isUnfinished = stopReason === 'max-tokens' || stopReason === 'max-time';
  return {
    text: end !== undefined ? text.slice(0, end) : isUnfinished ? cutUnfinished(text, scope) : text,
    tokens,
    report: {
      promptTokens: promptIds.length,
      cachedTokens,
      generatedTokens: tokens.length,
      prefillMs,
      totalMs: now() - start,
      stopReason,
    },
  };
}
