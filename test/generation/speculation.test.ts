import { describe, expect, it } from 'vitest';
import { greedy } from '../../src/generation/engine';
import { generate } from '../../src/generation/generate';
import { KvCache } from '../../src/generation/kv-cache';
import {
  createSpeculation,
  noSpeculation,
  promptLookup,
  type Speculation,
} from '../../src/generation/speculation';
import { cachedIds, scriptedDecoder } from './scripted-decoder';

/** A text that repeats: the tokens that followed the first `1 2` are a good guess. */
const repeating = [1, 2, 3, 4, 5, 1, 2];

interface Row {
  readonly model: (ids: readonly number[]) => number;
  readonly speculation?: Speculation;
  readonly maxTokens?: number;
  readonly contextLength?: number;
  readonly endIds?: readonly number[];
}

async function run({ model, speculation, maxTokens = 8, contextLength = 32, endIds = [] }: Row) {
  const decoder = scriptedDecoder(model, { contextLength });
  const cache = new KvCache(decoder.sizes);
  const setup = { decoder, cache, now: () => 0, yieldToEvents: () => Promise.resolve(), chunkLength: 16 };
  const request = {
    ids: repeating,
    sampling: greedy,
    stopping: { endIds, lastIds: [], maxTokens, maxMs: Number.POSITIVE_INFINITY },
  };
  const said: (number | string)[] = [];
  const never = new AbortController().signal;
  for await (const event of generate({ ...setup, ...(speculation && { speculation }) }, request, never)) {
    if (event.type === 'token') said.push(event.id);
    if (event.type === 'end') said.push(event.reason);
  }
  return { said: said.join(' '), runs: decoder.runs, cached: cachedIds(cache) };
}

const cycle = (ids: readonly number[]) => (ids.at(-1)! % 5) + 1;
const never = (ids: readonly number[]) => ids.length + 20;
/** Leaves the cycle at every fourth token. */
const sometimes = (ids: readonly number[]) => (ids.length % 4 === 0 ? 50 + ids.length : cycle(ids));

describe('drafts', () => {
  it.each([
    ['always right', cycle],
    ['never right', never],
    ['right at times', sometimes],
  ])('that are %s do not change the text', async (_, model) => {
    const plain = await run({ model });
    const drafted = await run({ model, speculation: createSpeculation() });
    expect(drafted.said).toBe(plain.said);
  });

  it('that are right save runs', async () => {
    const { runs } = await run({ model: cycle, speculation: createSpeculation() });
    expect(runs).toEqual(['0|1 2 3 4 5 1 2?', '7|3? 4? 5? 1?', '11|2? 3? 4?']);
  });

  it('that are wrong leave no row in the cache', async () => {
    const { runs, cached, said } = await run({
      model: sometimes,
      speculation: createSpeculation(),
      maxTokens: 4,
    });
    expect(said).toBe('3 58 4 5 max-tokens');
    expect(runs[1]).toBe('7|3? 4? 5?');
    expect(cached).toEqual([...repeating, 3, 58, 4]);
  });

  it('are not longer than the tokens that may still come', async () => {
    const { runs, said } = await run({ model: cycle, speculation: createSpeculation(), maxTokens: 3 });
    expect(said).toBe('3 4 5 max-tokens');
    expect(runs.at(-1)).toBe('7|3? 4?');
  });

  it('are not longer than the room in the cache', async () => {
    const { said } = await run({ model: cycle, speculation: createSpeculation(), contextLength: 10 });
    expect(said).toBe('3 4 5 1 max-tokens');
  });

  it('end with the text', async () => {
    const { said } = await run({ model: cycle, speculation: createSpeculation(), endIds: [5] });
    expect(said).toBe('3 4 end-token');
  });
});

describe('a draft', () => {
  const history = [1, 2, 3, 4, 9, 1, 2];
  const drafts = (speculation: Speculation, times: number) =>
    Array.from({ length: times }, () => speculation.draft(history, 3).length > 0).filter(Boolean).length;
  const observed = (accepted: number, times = 100) => {
    const speculation = createSpeculation();
    for (let i = 0; i < times; i++) speculation.observe(accepted);
    return speculation;
  };

  it('is made while nothing is known', () => expect(drafts(createSpeculation(), 5)).toBe(5));
  it('is made if one token in three is right', () => expect(drafts(observed(1), 16)).toBe(16));
  it('is made only now and then if none is right', () => expect(drafts(observed(0), 32)).toBe(2));
  it('is made more and more rarely if none is ever right', () => {
    const speculation = createSpeculation();
    let checked = 0;
    for (let token = 0; token < 1000; token++) {
      if (speculation.draft(history, 3).length === 0) continue;
      speculation.observe(0);
      checked++;
    }
    // Each wrong draft costs 0.9 of a token's time: together less than 2 % of a thousand tokens.
    expect(checked).toBeGreaterThan(5);
    expect(checked * 0.9).toBeLessThan(20);
  });
  it('is tried as often as at first after one was right', () => {
    const speculation = observed(0);
    drafts(speculation, 500);
    speculation.observe(1);
    expect(drafts(speculation, 8)).toBe(1);
  });
  it('is made again when drafts become right', () => {
    const speculation = observed(0);
    for (let i = 0; i < 20; i++) speculation.observe(3);
    expect(drafts(speculation, 16)).toBe(16);
  });
  it('is never made without speculation', () => expect(drafts(noSpeculation, 5)).toBe(0));
});

describe('prompt lookup', () => {
  /** @param history the tokens so far @param expected the guess */
  function check(history: string, expected: string, limit = 3) {
    const ids = history.split(' ').map(Number);
    expect(promptLookup(ids, limit).join(' ')).toBe(expected);
  }

  it('returns the tokens that followed the last ones at an earlier place', () =>
    check('1 2 3 4 5 9 1 2', '3 4 5'));
  it('does not match a single token', () => check('1 2 3 9 1', ''));
  it('prefers the longer match', () => check('1 2 3 7 8 2 3 5 6 1 2 3', '7 8 2'));
  it('prefers the later of two equally long matches', () => check('1 2 3 1 2 4 1 2', '4 1 2'));
  it('matches at most four tokens, at the latest place', () =>
    check('9 1 2 3 4 5 8 1 2 3 4 6 9 1 2 3 4', '6 9 1'));
  it('may return some of the last tokens themselves', () => check('1 2 1 2', '1 2'));
  it('returns no more ids than the limit', () => check('1 2 3 4 5 9 1 2', '3', 1));
  it('returns nothing if the limit is 0', () => check('1 2 3 4 5 9 1 2', '', 0));
  it.each(['', '1', '1 1', '1 2 3'])('returns nothing after [%s]', history => {
    expect(promptLookup(history === '' ? [] : history.split(' ').map(Number), 3)).toEqual([]);
  });
});
