/**
 * One keystroke, from a request to what the editor shows. The order is that of docs/architecture.md, "The way of a
 * keystroke". The editor does the first step (the document becomes a request) and the last (the suggestion becomes an
 * item).
 */
import type { Filter } from './filters/filter';
import { applyFilters } from './filters/filters';
import { beginningProbability, type Judgement, judge } from './judge';
import type { CompletionRequest, Nothing, Outcome } from './request';
import { type Candidate, type Memory, minConfidenceFor, type Source } from './sources/source';
import { findRefusal, type RefusalRule } from './when';

/** The parts that a request goes through, in their order. A shorter list leaves a part out. */
export interface Pipeline {
  readonly refusals: readonly RefusalRule[];
  /** Asked one after another, until one of them has a candidate that is likely enough. */
  readonly sources: readonly Source[];
  readonly memories: readonly Memory[];
  readonly filters: readonly Filter[];
}

/** @throws what a refusal rule or the engine throws */
export async function complete(
  request: CompletionRequest,
  pipeline: Pipeline,
  signal: AbortSignal,
): Promise<Outcome> {
  const refused = await refuse(request, pipeline.refusals);
  return refused ?? suggest(request, pipeline, signal);
}

/** @returns undefined if a suggestion is wanted here */
export async function refuse(
  request: CompletionRequest,
  rules: readonly RefusalRule[],
): Promise<Nothing | undefined> {
  const refusal = await findRefusal(request, rules);
  request.trace?.({ step: 'when', refusal, scope: request.scope });
  return refusal === undefined ? undefined : { why: refusal };
}

/** A request that is not refused: asks the sources in turn, and shows the first candidate that is likely enough. */
export async function suggest(
  request: CompletionRequest,
  { sources, memories, filters }: Pick<Pipeline, 'sources' | 'memories' | 'filters'>,
  signal: AbortSignal,
): Promise<Outcome> {
  const candidates: Candidate[] = [];
  let nothing: Nothing = { why: 'nothing-found' };
  for (const source of sources) {
    const found = await source(request, signal);
    if (signal.aborted) return { why: 'newer-key' };
    if (!('source' in found)) {
      nothing = found;
      continue;
    }
    candidates.push(found);
    const { enough } = found;
    const outcome =
      enough === 'compare'
        ? showLikeliest(candidates, request, filters)
        : outcomeOf(judgeAt(enough, found, request), request, filters);
    if (outcome.shown === undefined && enough !== 'compare') continue;
    for (const memory of memories) memory.remember(request, found, outcome);
    return outcome;
  }
  const mayShow = candidates.length > 0 && nothing.why === 'nothing-found';
  return mayShow ? showLikeliest(candidates, request, filters) : nothing;
}

interface Judged extends Judgement {
  readonly candidate: Candidate;
}

/** Shows the candidate that is likeliest right; if a filter drops it, the next likely one. Of equals the last one is first. */
function showLikeliest(
  candidates: readonly Candidate[],
  request: CompletionRequest,
  filters: readonly Filter[],
): Outcome {
  const min = minConfidenceFor(request);
  const judged = candidates.map(candidate => judgeAt(min, candidate, request)).reverse();
  const { report } = judged[0]!.candidate;
  const outcomes: Outcome[] = [];
  const sorted =
    request.trigger === 'manual'
      ? byBeginning(judged)
      : judged.toSorted((a, b) => b.confidence - a.confidence);
  for (const one of sorted) {
    const outcome = { ...outcomeOf(one, request, filters), report };
    if (outcome.shown !== undefined) return outcome;
    outcomes.push(outcome);
  }
  // The first reason is that of the likeliest candidate.
  return outcomes[0]!;
}

/**
 * A user who asks sees whole texts. A copied block is less likely right to its end than a short line of the model, though its
 * first line may be likelier. So a copy is compared as far as the shortest other text goes. A long text of the model is a
 * guess up to its end, and is compared whole.
 */
function byBeginning(judged: readonly Judged[]): readonly Judged[] {
  const lengths = judged.flatMap(({ text, candidate }) =>
    text === undefined || candidate.source === 'copied' ? [] : text.length,
  );
  const length = Math.min(...lengths);
  const probabilityOf = ({ confidence, candidate: { source, words } }: Judged) =>
    source === 'copied' ? beginningProbability(words, length) : confidence;
  return judged.toSorted((a, b) => probabilityOf(b) - probabilityOf(a));
}

/** @param min 0 to 1 @returns the part of the candidate's text that is at least `min` likely */
function judgeAt(min: number, candidate: Candidate, { trace }: CompletionRequest): Judged {
  const judgement = judge(candidate.words, min);
  const { source, words } = candidate;
  trace?.({ step: 'judged', source, words, min, ...judgement });
  return { ...judgement, candidate };
}

/** Filters the text that the judge left. @returns the suggestion, or why nothing is left */
function outcomeOf(
  { text, confidence, candidate }: Judged,
  { document, trace }: CompletionRequest,
  filters: readonly Filter[],
): Outcome {
  if (text === undefined) return { why: candidate.words.text === '' ? 'model-silent' : 'not-sure' };
  const filtered = applyFilters(text, document, filters, verdict => trace?.({ step: 'filter', ...verdict }));
  if ('droppedBy' in filtered) return { why: { filter: filtered.droppedBy } };
  trace?.({ step: 'shown', ...filtered });
  return { shown: { ...filtered, source: candidate.source, confidence } };
}
