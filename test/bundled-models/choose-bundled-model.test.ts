import { describe, expect, it } from 'vitest';
import {
  chooseBundledModel,
  explainChoice,
  type Situation,
  suggestionMs,
} from '../../src/bundled-models/choose-bundled-model';

const fast = { reads: 400, writes: 80 };
const slow = { reads: 90, writes: 17 };

/** The situation of a computer that is plugged in and fast, with the large model ready, apart from `differs`. */
const choose = (differs: Partial<Situation> = {}) =>
  chooseBundledModel({ large: 'ready', speed: fast, isOnBattery: false, ...differs });

it('a usual suggestion reads twelve tokens and writes eight', () =>
  expect(suggestionMs({ reads: 100, writes: 50 })).toBe(120 + 160));

describe('the large model answers', () => {
  it('if it is ready and in time', () =>
    expect(choose()).toEqual({ answers: 'large', wantsLarge: true, why: { kind: 'in-time', ms: 130 } }));

  it('at exactly 200 ms, but not above', () => {
    expect(choose({ speed: { reads: 120, writes: 80 } }).answers).toBe('large');
    expect(choose({ speed: { reads: 119, writes: 80 } }).answers).toBe('small');
  });
});

describe('the small model answers', () => {
  it.each<[string, Partial<Situation>, string, boolean]>([
    ['before the large one is opened', { large: 'closed' }, 'opening', true],
    ['while the large one is opened', { large: 'opening' }, 'opening', true],
    ['until the large one is measured', { speed: undefined }, 'opening', true],
    ['on a battery', { isOnBattery: true }, 'battery', false],
    [
      'on a battery, before anything is known',
      { isOnBattery: true, large: 'closed', speed: undefined },
      'battery',
      false,
    ],
    ['on a slow machine', { speed: slow }, 'slow', false],
    [
      'on a machine that was slow the last time, without another try',
      { large: 'closed', speed: slow },
      'slow',
      false,
    ],
    ['if the large one cannot be opened', { large: 'failed' }, 'failed', false],
    ['if the large one is not there', { large: 'absent', isOnBattery: true }, 'absent', false],
  ])('%s', (_, differs, kind, wantsLarge) =>
    expect(choose(differs)).toMatchObject({ answers: 'small', wantsLarge, why: { kind } }),
  );
});

it.each<[Partial<Situation>, string]>([
  [{}, 'the large model answers: a suggestion of the large one takes about 130 ms here'],
  [
    { speed: slow },
    'the small model answers: this machine reads 90 tokens a second with the large one, so a suggestion would take 604 ms',
  ],
  [{ isOnBattery: true }, 'the small model answers: the computer runs on its battery'],
  [{ large: 'opening' }, 'the small model answers: the large one is being prepared'],
  [{ large: 'failed' }, 'the small model answers: the large one could not be opened'],
  [{ large: 'absent' }, 'the small model answers: the large one is not installed'],
])('says why: %j', (differs, line) => expect(explainChoice(choose(differs))).toBe(line));
