import { expect, it } from 'vitest';
import { rememberAnswers } from '../../../bench/quality/remember-answers';
import { type GenerateEvent, type GenerateRequest, greedy } from '../../../src/generation/engine';
import { createScriptedEngine, end, prefill, says, tokens } from '../../completion/scripted-engine';

const request = (...ids: number[]): GenerateRequest => ({
  ids,
  sampling: greedy,
  stopping: { endIds: [], lastIds: [], maxTokens: 9, maxMs: 9 },
});

/** @param count events after which the reader stops */
async function read(engine: ReturnType<typeof rememberAnswers>, ids: number[], count = 99) {
  const events: GenerateEvent[] = [];
  for await (const event of engine.generate(request(...ids), new AbortController().signal))
    if (events.push(event) === count) break;
  return events;
}

it('asks the engine once for the same request, and again for another', async () => {
  const scripted = createScriptedEngine(says('ab'), says('cd'));
  const engine = rememberAnswers(scripted);
  const first = await read(engine, [1]);
  expect(await read(engine, [1])).toEqual(first);
  expect(await read(engine, [2])).not.toEqual(first);
  expect(scripted.requests).toHaveLength(2);
});

it('asks again if the constraint on the first tokens differs', async () => {
  const scripted = createScriptedEngine(says('ab'), says('cd'));
  const engine = rememberAnswers(scripted);
  const { signal } = new AbortController();
  const said = [];
  for (const id of [1, 2])
    for await (const event of engine.generate(
      { ...request(1), constraint: [{ inside: [], last: [id], exact: [id] }] },
      signal,
    ))
      said.push(event);
  expect(said).toEqual([
    prefill(1),
    ...tokens('ab'),
    end('end-token'),
    prefill(1),
    ...tokens('cd'),
    end('end-token'),
  ]);
});

it('continues where an earlier reader stopped', async () => {
  const scripted = createScriptedEngine(says('ab'), says('ab'));
  const engine = rememberAnswers(scripted);
  expect(await read(engine, [1], 2)).toEqual([prefill(1), tokens('a')[0]]);
  expect(await read(engine, [1])).toEqual([prefill(1), ...tokens('ab'), end('end-token')]);
  expect(await read(engine, [1])).toEqual([prefill(1), ...tokens('ab'), end('end-token')]);
  expect(scripted.requests).toHaveLength(2);
});

it('serves every limit of likelihood from one answer', async () => {
  const scripted = createScriptedEngine(says('ab'));
  const engine = rememberAnswers(scripted);
  const [a, b] = tokens('ab');
  /** Events at a limit. Each token of the script has a log probability of -0.01. */
  const readAt = async (min: number) => {
    const { stopping, ...others } = request(1);
    const limited = { ...others, stopping: { ...stopping, likelihood: { bias: 0, logit: 1, min } } };
    const events: GenerateEvent[] = [];
    for await (const event of engine.generate(limited, new AbortController().signal)) events.push(event);
    return events;
  };
  expect(await readAt(0.5)).toEqual([prefill(1), a, b, end('end-token')]);
  expect(await readAt(0.995)).toEqual([prefill(1), a, { ...end('unlikely'), ms: 0 }]);
  expect(await readAt(0.985)).toEqual([prefill(1), a, b, { ...end('unlikely'), ms: 0 }]);
  expect(scripted.requests).toHaveLength(1);
});
