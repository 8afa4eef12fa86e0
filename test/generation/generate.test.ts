import { describe, expect, it } from 'vitest';
import {
  type GenerateEvent,
  type GenerateRequest,
  greedy,
  type StoppingCriteria,
} from '../../src/generation/engine';
import { chunkLengthFor, type GenerateSetup, generate } from '../../src/generation/generate';
import { KvCache } from '../../src/generation/kv-cache';
import { createPromptLogits } from '../../src/generation/prompt-logits';
import { cachedIds, type ScriptedDecoder, scriptedDecoder } from './scripted-decoder';

const never = new AbortController().signal;
const afterThree: StoppingCriteria = { endIds: [], lastIds: [], maxTokens: 3, maxMs: Infinity };

type Model = GenerateSetup & { readonly decoder: ScriptedDecoder };

/** A model that counts: after 7 comes 8. Its clock stands still unless a run says otherwise. */
function counting(
  options: Partial<GenerateSetup> & { contextLength?: number; onRun?: () => void } = {},
): Model {
  const decoder = scriptedDecoder(ids => ids.at(-1)! + 1, options);
  const yieldToEvents = () => Promise.resolve();
  const cache = new KvCache(decoder.sizes);
  return { cache, now: () => 0, yieldToEvents, chunkLength: 4, ...options, decoder };
}

async function events(
  model: Model,
  ids: readonly number[],
  { signal = never, ...request }: Partial<GenerateRequest & { signal: AbortSignal }> = {},
): Promise<GenerateEvent[]> {
  model.decoder.runs.length = 0;
  const all = [];
  const whole = { ids, sampling: greedy, stopping: afterThree, ...request };
  for await (const event of generate(model, whole, signal)) all.push(event);
  return all;
}

/** The events of a generation in one line: `cached+computed: tokens reason`. */
function line(all: readonly GenerateEvent[]): string {
  const words = all.map(event => {
    if (event.type === 'prefill') return `${event.cached}+${event.computed}:`;
    return event.type === 'token' ? `${event.id}` : event.reason;
  });
  return words.join(' ');
}

/** The prompt gives this line with these runs. */
async function check(model: Model, ids: readonly number[], expected: string, runs: readonly string[]) {
  expect(line(await events(model, ids))).toBe(expected);
  expect(model.decoder.runs).toEqual(runs);
}

describe('a prompt', () => {
  it('is run in chunks, and only its last token gives logits', async () => {
    const runs = ['0|1 2 3 4', '4|5 6 7 8', '8|9?', '9|10?', '10|11?'];
    await check(counting(), [1, 2, 3, 4, 5, 6, 7, 8, 9], '0+9: 10 11 12 max-tokens', runs);
  });

  it('that fills its last chunk needs no further chunk', async () => {
    await check(counting(), [1, 2, 3, 4], '0+4: 5 6 7 max-tokens', ['0|1 2 3 4?', '4|5?', '5|6?']);
  });

  it('is run only from where it differs from the prompt before', async () => {
    const model = counting();
    await events(model, [1, 2, 3, 4, 5]);
    await check(model, [1, 2, 3, 50], '3+1: 51 52 53 max-tokens', ['3|50?', '4|51?', '5|52?']);
  });

  it('that continues as the last generation did is not run again', async () => {
    const model = counting();
    await events(model, [1, 2]);
    // 5, the last token of [1, 2, 3, 4, 5], was never run.
    await check(model, [1, 2, 3, 4, 5], '4+1: 6 7 8 max-tokens', ['4|5?', '5|6?', '6|7?']);
  });

  it('is run at its last token even if all of it is cached', async () => {
    const model = counting();
    await events(model, [1, 2, 3, 4]);
    await check(model, [1, 2, 3], '2+1: 4 5 6 max-tokens', ['2|3?', '3|4?', '4|5?']);
  });

  it('that shares nothing with the cache is run from the start', async () => {
    const model = counting();
    await events(model, [1, 2, 3]);
    await check(model, [60], '0+1: 61 62 63 max-tokens', ['0|60?', '1|61?', '2|62?']);
    expect(cachedIds(model.cache)).toEqual([60, 61, 62]);
  });

  it.each([
    ['empty', []],
    ['as long as the cache', [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('that is %s is refused, and the cache stays as it was', async (_, ids) => {
    const model = counting({ contextLength: 8 });
    await events(model, [1, 2]);
    await expect(events(model, ids)).rejects.toThrow(
      new RangeError(`a prompt of ${ids.length} tokens; the model takes 1 to 7`),
    );
    expect(cachedIds(model.cache)).toEqual([1, 2, 3, 4]);
  });
});

describe('a generation ends', () => {
  /** With these criteria, `[1, 2]` gives this line. */
  async function checkEnd(stopping: Partial<StoppingCriteria>, expected: string) {
    const all = await events(counting(), [1, 2], { stopping: { ...afterThree, ...stopping } });
    expect(line(all)).toBe(expected);
  }

  it('before a token that ends the text', () => checkEnd({ endIds: [4] }, '0+2: 3 end-token'));
  it('after a token that is among the last ids', () => checkEnd({ lastIds: [4] }, '0+2: 3 4 last-token'));
  it('when it has as many tokens as it may have', () => checkEnd({ maxTokens: 1 }, '0+2: 3 max-tokens'));

  it('when its time is over, prefill included', async () => {
    let ms = 100;
    const tenMs = () => {
      ms += 10;
    };
    const model = counting({ now: () => ms, onRun: tenMs });
    // Three chunks take 30 ms, each further token 10.
    const all = await events(model, [1, 2, 3, 4, 5, 6, 7, 8, 9], { stopping: { ...afterThree, maxMs: 40 } });
    expect(line(all)).toBe('0+9: 10 11 max-time');
    expect(all.filter(event => event.type !== 'token').map(({ ms }) => ms)).toEqual([30, 40]);
  });

  it('when the cache is full', async () => {
    const model = counting({ contextLength: 4 });
    expect(line(await events(model, [1, 2], { stopping: { ...afterThree, maxTokens: 9 } }))).toBe(
      '0+2: 3 4 5 max-tokens',
    );
    expect(cachedIds(model.cache)).toEqual([1, 2, 3, 4]);
  });
});

describe('an abort', () => {
  /** The line and the model if the abort comes just before run number `count`. */
  async function abortedAt(count: number): Promise<{ said: string; model: Model }> {
    const controller = new AbortController();
    let turns = 0;
    const yieldToEvents = async () => {
      if (++turns === count) controller.abort();
    };
    const model = counting({ yieldToEvents });
    return { said: line(await events(model, [1, 2, 3, 4, 5, 6], { signal: controller.signal })), model };
  }

  it.each([
    [1, 'aborted', []],
    [2, 'aborted', [1, 2, 3, 4]],
    [3, '0+6: 7 aborted', [1, 2, 3, 4, 5, 6]],
    [4, '0+6: 7 8 aborted', [1, 2, 3, 4, 5, 6, 7]],
  ])('before run %i ends the generation there', async (count, expected, cached) => {
    const { said, model } = await abortedAt(count);
    expect(said).toBe(expected);
    expect(cachedIds(model.cache)).toEqual(cached);
  });

  it.each([1, 2, 3, 4])('before run %i leaves a cache that the same prompt can use', async count => {
    const { model } = await abortedAt(count);
    const kept = Math.min(model.cache.length, 5);
    expect(line(await events(model, [1, 2, 3, 4, 5, 6]))).toBe(`${kept}+${6 - kept}: 7 8 9 max-tokens`);
    expect(cachedIds(model.cache)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('before the start runs nothing and keeps the cache', async () => {
    const model = counting();
    await events(model, [1, 2]);
    expect(line(await events(model, [60], { signal: AbortSignal.abort() }))).toBe('aborted');
    expect(model.decoder.runs).toEqual([]);
    expect(cachedIds(model.cache)).toEqual([1, 2, 3, 4]);
  });
});

it('leaves a correct cache when the reader leaves early', async () => {
  const model = counting();
  for await (const event of generate(model, { ids: [1, 2], sampling: greedy, stopping: afterThree }, never))
    if (event.type === 'token') break;
  expect(cachedIds(model.cache)).toEqual([1, 2]);
});

it('reports the model’s own probability of each token', async () => {
  const all = await events(counting(), [1, 2], { sampling: { ...greedy, repetitionPenalty: 1.5 } });
  const logProb = 10 - Math.log(Math.exp(10) + Math.exp(6) + 98);
  const logProbs = all.flatMap(event => (event.type === 'token' ? [event.logProb] : []));
  expect(logProbs.map(value => value.toFixed(6))).toEqual(Array(3).fill(logProb.toFixed(6)));
});

it.each([
  [[7], 1, '5 5 5'],
  [[7], 2, '5 6 5'],
  [[5], 2, '6 5 5'],
])(
  'penalises the tokens of prompt %j and of the generation by %i: %s',
  async (ids, repetitionPenalty, expected) => {
    const decoder = scriptedDecoder(() => 5);
    const model: Model = { ...counting(), decoder, cache: new KvCache(decoder.sizes) };
    const all = await events(model, ids, { sampling: { ...greedy, repetitionPenalty } });
    expect(line(all)).toBe(`0+1: ${expected} max-tokens`);
  },
);

describe('a constraint', () => {
  /** The first token is 9 or 5. After 9 the constraint still holds, and 7 must follow. */
  const constraint: GenerateRequest['constraint'] = [
    { inside: [[9, 1]], last: [5], exact: [] },
    { inside: [], last: [7], exact: [] },
  ];
  /** A model that counts. If it may not count on, it takes one of `preferred`, the first one first. */
  function preferring(...preferred: readonly number[]) {
    const decoder = scriptedDecoder(ids => ids.at(-1)! + 1);
    const run: typeof decoder.run = async (...args) => {
      const logits = await decoder.run(...args);
      for (const [index, id] of preferred.entries()) logits[id] = 3 - index;
      return logits;
    };
    return { ...decoder, run };
  }
  const model = (decoder: ScriptedDecoder, more: Partial<GenerateSetup> = {}): Model => ({
    ...counting(more),
    decoder,
    cache: new KvCache(decoder.sizes),
  });

  it('decides the first tokens, and after them the model is free', async () => {
    expect(line(await events(model(preferring(9)), [1, 2], { constraint }))).toBe('0+2: 9 7 8 max-tokens');
    expect(line(await events(model(preferring(5)), [1, 2], { constraint }))).toBe('0+2: 5 6 7 max-tokens');
  });

  describe('on a prompt that was run before', () => {
    const known = (decoder: ScriptedDecoder) => model(decoder, { promptLogits: createPromptLogits() });
    const other: GenerateRequest['constraint'] = [{ inside: [], last: [5, 6], exact: [] }];

    it('needs no run for the first token', async () => {
      const same = known(preferring(9, 6));
      expect(line(await events(same, [1, 2], { constraint }))).toBe('0+2: 9 7 8 max-tokens');
      expect(line(await events(same, [1, 2], { constraint: other }))).toBe('2+0: 6 7 8 max-tokens');
      expect(same.decoder.runs).toEqual(['2|6?', '3|7?']);
    });
    it('needs a run if another prompt was run in between, or if no constraint was asked for', async () => {
      const same = known(preferring(9, 6));
      for (const ids of [
        [1, 2],
        [1, 3],
      ])
        await events(same, ids, { constraint });
      expect(line(await events(same, [1, 2], { constraint }))).toBe('1+1: 9 7 8 max-tokens');
      expect(line(await events(same, [1, 2]))).toBe('1+1: 3 4 5 max-tokens');
    });
  });

  it('continues even after a token that is among the last ids', async () => {
    const stopping = { ...afterThree, lastIds: [9, 7] };
    const all = await events(model(preferring(9)), [1, 2], { constraint, stopping });
    expect(line(all)).toBe('0+2: 9 7 8 max-tokens');
  });

  it('makes each probability a share among the allowed tokens', async () => {
    const all = await events(model(preferring(9, 5)), [1, 2], { constraint });
    const logProbs = all.flatMap(event => (event.type === 'token' ? [event.logProb.toFixed(5)] : []));
    const free = 10 - Math.log(Math.exp(10) + Math.exp(3) + Math.exp(2) + 97);
    expect(logProbs).toEqual([-Math.log(1 + Math.exp(-1)), -0, free].map(value => value.toFixed(5)));
  });

  it('decides the first tokens when they are drawn, too', async () => {
    const sampling = { ...greedy, temperature: 100 };
    const seen = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const all = await events(model(preferring()), [1, 2], {
        constraint,
        sampling: { ...sampling, seed },
        stopping: { ...afterThree, maxTokens: 2 },
      });
      seen.add(line(all).replace(/5 \d+/, '5 …'));
    }
    expect([...seen].sort()).toEqual(['0+2: 5 … max-tokens', '0+2: 9 7 max-tokens']);
  });

  it('uses logits and no drafts while it holds; later, the greedy answers of the graph', async () => {
    const decoder = {
      ...preferring(9),
      runGreedy: async (ids: readonly number[], cache: KvCache, wanted: readonly number[]) => {
        decoder.runs.push(`greedy ${cache.length}|${ids.join(' ')}`);
        cache.append(ids, () => ({ key: Float32Array.from(ids), value: Float32Array.from(ids) }));
        return wanted.map(place => ({ id: ids[place]! + 1, logProb: -1 }));
      },
    };
    const speculation = { draft: () => [50], observe: () => undefined };
    const stopping = { ...afterThree, maxTokens: 4 };
    const setup = model(decoder, { speculation });
    expect(line(await events(setup, [1, 2], { constraint, stopping }))).toBe('0+2: 9 7 8 9 max-tokens');
    expect(decoder.runs).toEqual(['0|1 2?', '2|9?', 'greedy 3|7 50', 'greedy 4|8 50']);
  });
});

it.each([
  { name: 'the bundled model', layers: 6, width: 256, length: 64 },
  { name: 'a model of 46M', layers: 12, width: 512, length: 32 },
  { name: 'SmolLM2-135M', layers: 30, width: 576, length: 16 },
  { name: 'LLaMA-7B', layers: 32, width: 4096, length: 8 },
])('$name reads a prompt in chunks of $length', ({ layers, width, length }) => {
  expect(chunkLengthFor({ layers, width })).toBe(length);
});
