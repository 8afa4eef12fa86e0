/**
 * Runs a prompt and turns the tokens that come back into the text of one suggestion. The run stops as soon as the line or
 * the block is complete.
 */
import { indentationOf } from '../../document/words';
import type { HealedText } from '../../prompt/token-healing';
import type { CompletionSettings } from '../../settings/settings';
import { createStreamDecoder } from '../../tokenizer/tokenizer';
import { dropTyped, type ScoredText } from '../judge/scored-text';
import type { LocalModel } from '../local-model';
import type { GenerationReport, Nothing } from '../outcome';
import type { Scope } from '../when/scope';

export interface TextRequest {
  readonly promptIds: readonly number[];
  /** Given if the prompt ends before the cursor. The model writes the missing text again; the answer does not have it. */
  readonly healed?: Pick<HealedText, 'typed' | 'constraint'> | undefined;
  readonly scope: Scope;
  /** Columns before the cursor's place in its block. */
  readonly indentation: number;
}

export interface TextResult extends ScoredText {
  readonly report: GenerationReport;
}

/** @returns why there is no text if the request was aborted or the engine failed */
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
): Promise<TextResult | Nothing> {
  const start = now();
  const decoder = createStreamDecoder(tokenizer);
  const lastIds = scope === 'line' ? lineBreakIds : [];
  const stopping = { endIds: layout.endIds, lastIds, maxTokens: settings.maxTokens, maxMs: settings.maxTime };

  const { typed = '', constraint } = healed ?? {};
  /** What the model wrote. It begins with `typed`, and the answer comes after that. */
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
  if (signal.aborted || stopReason === 'aborted') return { why: 'newer-key' };
  if (stopReason === 'failed') return { why: 'engine-failed' };

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

/**
 * @param text the suggestion so far
 * @param indentation columns before the cursor's place in its block
 * @returns where to cut `text`; undefined while the scope is still open
 */
export function findScopeEnd(text: string, scope: Scope, indentation: number): number | undefined {
  if (scope === 'line') {
    const end = text.indexOf('\n');
    return end === -1 ? undefined : end;
  }
  return findBlockEnd(text, indentation);
}

/** @returns the end of the last line before one that is indented less than the block; blank lines do not count */
function findBlockEnd(text: string, indentation: number): number | undefined {
  let lineBreak = text.indexOf('\n');
  while (lineBreak !== -1) {
    const next = text.indexOf('\n', lineBreak + 1);
    const line = text.slice(lineBreak + 1, next === -1 ? undefined : next);
    if (line.trim() !== '' && indentationOf(line) < indentation) return trimmedEnd(text, lineBreak);
    lineBreak = next;
  }
  return undefined;
}

/**
 * Cuts a text that ran out of tokens or time before its scope ended. A line stays as it is. A block loses its last line,
 * which is not complete, unless it is the only one.
 */
export function cutUnfinished(text: string, scope: Scope): string {
  if (scope === 'line') return text;
  const lastBreak = text.lastIndexOf('\n');
  return lastBreak === -1 ? text : text.slice(0, trimmedEnd(text, lastBreak));
}

function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}
