import { expect, it } from 'vitest';
import { createStoppingCriteria, type StopReason } from '../../src/generation/stopping-criteria';

const criteria = { endIds: [1, 2], lastIds: [2, 3], maxTokens: 10, maxMs: 100 };

interface Token {
  readonly id?: number;
  readonly count?: number;
  readonly ms?: number;
  readonly isConstrained?: boolean;
}

it.each<[string, Token, StopReason | undefined]>([
  ['nothing stops', {}, undefined],
  ['any of the tokens that end the text', { id: 1 }, 'end-token'],
  ['the end before the last', { id: 2 }, 'end-token'],
  ['a last token', { id: 3 }, 'last-token'],
  ['a last token before the length', { id: 3, count: 10 }, 'last-token'],
  ['no last token that had to come', { id: 3, isConstrained: true }, undefined],
  ['the length, whatever had to come', { id: 3, count: 10, isConstrained: true }, 'max-tokens'],
  ['the length when it is reached', { count: 10 }, 'max-tokens'],
  ['not before the length', { count: 9 }, undefined],
  ['the length before the time', { count: 10, ms: 100 }, 'max-tokens'],
  ['the time when it is over', { ms: 100 }, 'max-time'],
  ['not before the time', { ms: 99.9 }, undefined],
])('%s: %j', (_, { id = 9, count = 1, ms = 0, isConstrained }, expected) => {
  expect(createStoppingCriteria(criteria, () => ms)(id, count, isConstrained)).toBe(expected);
});
