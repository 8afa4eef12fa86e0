/**
 * Several answers to one question, for a user who asked and can cycle through them: the likelier of what the
 * model says and what the document says elsewhere, the other, then others drawn from the model's distribution. All have
 * the same prompt, so the cache serves it.
 */
import type { Clock } from '../common/clock';
import type { Completer, Completion, CompletionRequest } from './complete';
import type { Trace } from './explain/trace';

const answers = 3;
/** Free enough to differ from the likeliest, and not so free as to be nonsense. */
const leastTemperature = 0.4;

/** @returns different answers, the likeliest first, found within the `maxTime` of one; none if `signal` aborts */
export async function completeSeveral(
  complete: Completer['complete'],
  request: CompletionRequest,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
): Promise<readonly Completion[]> {
  const deadline = clock.now() + request.settings.maxTime;
  const likeliest = await complete(request, signal);
  const found = likeliest === undefined ? [] : [likeliest];
  const other = { ...alternative(request), only: likeliest?.source === 'copy' ? 'model' : 'copy' } as const;
  for (let draw = 0; draw < answers && found.length < answers; draw++) {
    const left = deadline - clock.now();
    if (draw > 0 && left <= 0) break;
    const completion = await complete(draw === 0 ? other : drawn(request, draw, left), signal);
    if (signal.aborted) return [];
    if (completion && !found.some(one => isSame(one, completion))) found.push(completion);
  }
  return found;
}

/** What the other source has to say. */
function alternative(request: CompletionRequest): CompletionRequest {
  return { ...request, isAlternative: true, trace: withoutTrigger(request.trace) };
}

function drawn(request: CompletionRequest, index: number, maxTime: number): CompletionRequest {
  const { sampling } = request.settings;
  const freely = {
    ...sampling,
    temperature: Math.max(leastTemperature, sampling.temperature),
    seed: sampling.seed + index,
  };
  const settings = { ...request.settings, maxTime, sampling: freely };
  return { ...alternative(request), only: 'model', settings };
}

/** Whether a suggestion is wanted was told with the first answer. */
function withoutTrigger(trace: Trace | undefined): Trace | undefined {
  return trace && (event => event.step !== 'trigger' && trace(event));
}

function isSame(a: Completion, b: Completion): boolean {
  return a.text === b.text && a.replaceAfter === b.replaceAfter;
}
