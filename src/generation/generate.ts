/**
 * Autoregressive generation: prefill the part of the prompt that the cache lacks, then one token at a time until a
 * criterion says stop. Where the next tokens can be guessed, one run checks several. The text is the same as without
 * guesses, except where the rounding of sums decides between two tokens.
 *
 * A run of the model cannot be interrupted. So a prompt is prefilled in chunks, and the event loop gets its turn before
 * every run: that is when the abort of a newer request arrives.
 */
import type { Decoder } from './decoder';
import type { GenerateEvent, GenerateRequest, StopReason } from './engine';
import type { KvCache, TokenCache } from './kv-cache';
import { createConstraint, createPredictor } from './predict';
import type { PromptLogits } from './prompt-logits';
import { noSpeculation, type Speculation } from './speculation';
import { createStoppingCriteria } from './stopping-criteria';

/** What a generation runs with. */
export interface GenerateSetup<Cache extends TokenCache = KvCache> {
  readonly decoder: Decoder<Cache>;
  readonly cache: Cache;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Lets waiting messages in. */
  readonly yieldToEvents: () => Promise<void>;
  /** Tokens of one prefill run, at most. */
  readonly chunkLength: number;
  readonly speculation?: Speculation;
  /** If it is left out, the last token of every prompt is run. */
  readonly promptLogits?: PromptLogits;
}

/** @throws RangeError if the prompt is empty or leaves no room for a token */
export async function* generate<Cache extends TokenCache>(
  {
    decoder,
    cache,
    now,
    yieldToEvents,
    chunkLength,
    speculation = noSpeculation,
    promptLogits,
  }: GenerateSetup<Cache>,
  { ids, sampling, stopping, constraint: states }: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void> {
  const start = now();
  const elapsed = () => now() - start;
  const end = (reason: StopReason): GenerateEvent => ({ type: 'end', reason, ms: elapsed() });
  if (ids.length === 0 || ids.length >= cache.capacity)
    throw new RangeError(`a prompt of ${ids.length} tokens; the model takes 1 to ${cache.capacity - 1}`);

  const constraint = createConstraint(states);
  const predictor = createPredictor(decoder, cache, sampling, constraint);

  // Without a constraint, the same prompt is hardly ever asked twice, and the graph need not hand over its logits.
  const isHealed = constraint.holds;
  const known = isHealed ? promptLogits?.recall(cache, ids) : undefined;
  // If they are not known, the last token of the prompt is run: the first new token comes from its logits.
  const cached = known ? ids.length : Math.min(cache.commonPrefix(ids), ids.length - 1);
  let predicted = known && predictor.fromLogits(known);
  for (let from = cached; from < ids.length; from += chunkLength) {
    await yieldToEvents();
    if (signal.aborted) return yield end('aborted');
    // Only after that check: a request that never ran must not cost the next one its cache.
    cache.rewind(from);
    const chunk = ids.slice(from, from + chunkLength);
    const isLast = from + chunk.length === ids.length;
    const keep = (logits: Float32Array) => isHealed && promptLogits?.keep(cache, ids, logits);
    predicted = await predictor.run(chunk, isLast ? [chunk.length - 1] : [], keep);
  }
  yield { type: 'prefill', cached, computed: ids.length - cached, ms: elapsed() };

  const stopAfter = createStoppingCriteria(stopping, elapsed);
  const history = [...ids];
  let count = 0;
  let draft: readonly number[] = [];
  for (;;) {
    // Row 0 predicts the token after the newest one. Row n predicts the token after n drafted tokens, and is used only if
    // all n were right.
    for (let row = 0; ; row++) {
      const token = predicted!(row, history);
      const { id, logProb } = token;
      const reason = stopAfter(token, ++count);
      if (reason !== 'end-token') yield { type: 'token', id, logProb };
      if (reason !== undefined) return yield end(reason);
      history.push(id);
      if (id === draft[row]) continue;
      if (draft.length > 0) speculation.observe(row);
      break;
    }
    // Drops the rows of wrong draft tokens. The newest token has not been run yet.
    cache.rewind(history.length - 1);
    if (cache.length >= cache.capacity) return yield end('max-tokens');
    await yieldToEvents();
    if (signal.aborted) return yield end('aborted');
    const room = Math.min(cache.capacity - cache.length - 1, stopping.maxTokens - count - 1);
    // While the constraint holds, each token decides which may come next.
    draft = constraint.holds ? [] : speculation.draft(history, room);
    const run = [history.at(-1)!, ...draft];
    predicted = await predictor.run(run, [...run.keys()]);
  }
}

/**
 * A newer key should wait at most about 20 ms for the run that is under way. A large model reads a prompt a quarter faster
 * in chunks of 16 than in chunks of 8 (docs/log.md, "The engine at 113M weights").
 */
const multiplicationsPerRun = 2e9;
/** Below 8, a run of several tokens is hardly faster than single runs; above 64, little is gained. */
const chunkLengths = [8, 16, 32, 64] as const;

/**
 * How many tokens of a prompt are run at once. A newer keystroke waits for the current run, so a chunk must be short;
 * but products of many rows are more efficient.
 *
 * The number comes from the model's sizes and not from a measured run. Another length rounds the sums in another order,
 * so that on a slower day two nearly equal tokens could change places (docs/log.md, "Four sequences, chunks by count").
 */
export function chunkLengthFor({
  layers,
  width,
}: {
  readonly layers: number;
  readonly width: number;
}): number {
  // Attention has about 4 width^2 weights a layer, the feed-forward block 8 (Kaplan et al., arXiv 2001.08361).
  const weights = 12 * layers * width * width;
  return chunkLengths.findLast(length => length * weights <= multiplicationsPerRun) ?? chunkLengths[0];
}
