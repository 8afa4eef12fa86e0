/**
 * Several answers to one request, for a user who asked and can cycle through them. The first is the likeliest. If it is a
 * copy, the second is the model's text, and otherwise a copy. The others are drawn from the model's distribution. All have
 * the same prompt, so the KV cache serves it.
 */
import type { Clock } from '../common/clock';
import { type Pipeline, refuse, suggest } from './complete';
import type { CompletionRequest, Outcome, Shown, Suggestion } from './request';

/** The pipelines, in their order: first all sources, then copies alone or the model alone. */
export interface SeveralPipelines {
  readonly all: Pipeline;
  readonly copies: Pipeline;
  readonly model: Pipeline;
}

/** As many as a user goes through with keys. */
const usualAnswers = 3;
/** High enough that a draw differs from the likeliest answer, and low enough that it makes sense. */
const minTemperature = 0.4;
/** The first draws often repeat the likeliest answer. So each further one is freer. */
const usualDraws = 2;
const warming = 0.2;

/**
 * @returns different suggestions, the likeliest first, within the `maxTime` of one request; a single outcome without a
 * suggestion if there is none
 */
export async function completeSeveral(
  request: CompletionRequest,
  pipelines: SeveralPipelines,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
  maxAnswers = usualAnswers,
): Promise<readonly Outcome[]> {
  const deadline = clock.now() + request.settings.maxTime;
  const refused = await refuse(request, pipelines.all.refusals);
  if (refused !== undefined) return [refused];
  const first = await suggest(request, pipelines.all, signal);
  const found: Shown[] = first.shown === undefined ? [] : [first];
  for (let draw = 0; draw < maxAnswers && found.length < maxAnswers; draw++) {
    const maxTime = deadline - clock.now();
    const isCopy = draw === 0 && first.shown?.source !== 'copied';
    if (maxTime <= 0 && !isCopy) break;
    const settings = draw === 0 ? { ...request.settings, maxTime } : drawn(request, draw, maxTime);
    const outcome = await suggest(
      { ...request, settings },
      isCopy ? pipelines.copies : pipelines.model,
      signal,
    );
    if (signal.aborted) return [{ why: 'newer-key' }];
    if (outcome.shown !== undefined && !found.some(({ shown }) => isSame(shown, outcome.shown)))
      found.push(outcome);
  }
  return found.length === 0 ? [first] : found;
}

function drawn({ settings }: CompletionRequest, index: number, maxTime: number) {
  const { sampling } = settings;
  const warmth = minTemperature + warming * Math.max(0, index - usualDraws);
  const temperature = Math.max(warmth, sampling.temperature);
  return { ...settings, maxTime, sampling: { ...sampling, temperature, seed: sampling.seed + index } };
}

function isSame(a: Suggestion, b: Suggestion): boolean {
  return a.text === b.text && a.replaceAfter === b.replaceAfter;
}
