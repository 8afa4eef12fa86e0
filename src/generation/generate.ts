/**
 * Autoregressive generation: prefill what the cache lacks, then one token at a time until a criterion says stop. Where
 * the next tokens can be guessed, one run checks several; but for the rounding of sums the text is the same as without.
 *
 * A run of the model cannot be interrupted, so a prompt is prefilled in chunks and the event loop gets its turn
 * before every run: that is where a newer request's abort arrives.
 */
import { createConstraint } from './constraint';
import type { Decoder } from './decoder';
import type { GenerateEvent, GenerateRequest } from './engine';
import type { KvCache } from './kv-cache';
import { createPredictor, type Predicted } from './predict';
import { noSpeculation, type Speculation } from './speculation';
import { createStoppingCriteria } from './stopping-criteria';
import type { TokenCache } from './token-cache';

export interface GenerateParts<Cache extends TokenCache = KvCache> {
  readonly decoder: Decoder<Cache>;
  readonly cache: Cache;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Lets waiting messages in. */
  readonly yieldToEvents: () => Promise<void>;
  /** Tokens a prefill run takes at most. */
  readonly chunkLength: number;
  readonly speculation?: Speculation;
}

/** @throws RangeError if the prompt is empty or leaves no room for a token */
export async function* generate<Cache extends TokenCache>(
  { decoder, cache, now, yieldToEvents, chunkLength, speculation = noSpeculation }: GenerateParts<Cache>,
  { ids, sampling, stopping, constraint: states }: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void> {
  const start = now();
  const elapsed = () => now() - start;
  if (ids.length === 0 || ids.length >= cache.capacity)
    throw new RangeError(`a prompt of ${ids.length} tokens; the model takes 1 to ${cache.capacity - 1}`);

  // The last token is always run: its logits are what the first new token is drawn from.
  const cached = Math.min(cache.commonPrefix(ids), ids.length - 1);
  const constraint = createConstraint(states);
  const predict = createPredictor(decoder, cache, sampling, constraint);
  let predicted: Predicted;
  for (let from = cached; from < ids.length; from += chunkLength) {
    await yieldToEvents();
    if (signal.aborted) return yield { type: 'end', reason: 'aborted', ms: elapsed() };
    // Not before the abort had its chance: a request that never ran should not cost the next one its cache.
    cache.rewind(from);
    const chunk = ids.slice(from, from + chunkLength);
    const isLast = from + chunk.length === ids.length;
    predicted = await predict(chunk, isLast ? [chunk.length - 1] : []);
  }
  yield { type: 'prefill', cached, computed: ids.length - cached, ms: elapsed() };

  const stopAfter = createStoppingCriteria(stopping, elapsed);
  const history = [...ids];
  let count = 0;
  let draft: readonly number[] = [];
  for (;;) {
    // The first row is what follows the tokens so far; each further one holds if the draft was right so far.
    for (let row = 0; ; row++) {
      const isConstrained = constraint.holds;
      const { id, logProb } = predicted!(row, history);
      const reason = stopAfter(id, ++count, isConstrained);
      if (reason !== 'end-token') yield { type: 'token', id, logProb };
      if (reason !== undefined) return yield { type: 'end', reason, ms: elapsed() };
      history.push(id);
      if (id === draft[row]) continue;
      if (draft.length > 0) speculation.observe(row);
      break;
    }
    // The newest token has not been run; the rows of a draft that was wrong go.
    cache.rewind(history.length - 1);
    if (cache.length >= cache.capacity) return yield { type: 'end', reason: 'max-tokens', ms: elapsed() };
    await yieldToEvents();
    if (signal.aborted) return yield { type: 'end', reason: 'aborted', ms: elapsed() };
    const room = Math.min(cache.capacity - cache.length - 1, stopping.maxTokens - count - 1);
    // What may come is decided token by token while the constraint holds.
    draft = constraint.holds ? [] : speculation.draft(history, room);
    const run = [history.at(-1)!, ...draft];
    predicted = await predict(run, [...run.keys()]);
  }
}
