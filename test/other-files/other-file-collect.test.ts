import { expect, it } from 'vitest';
import { collectInBackground } from '../../src/other-files/other-file';

/** Asks about documents at given times. Each collection finds the document's name with the next number. */
function collecting() {
  let now = 0;
  let collections = 0;
  const collected = collectInBackground<string>(100, () => now);
  return {
    at(time: number, uri: string) {
      now = time;
      return collected.of(uri, async () => `${uri}${++collections}`);
    },
    forget: () => collected.forget(),
  };
}

it('knows nothing during the first collection', async () => {
  const { at } = collecting();
  expect(at(0, 'a')).toBeUndefined();
  expect(at(1, 'a')).toBeUndefined();
  await Promise.resolve();
  expect(at(2, 'a')).toBe('a1');
});

it('collects again after the interval, and meanwhile returns what it knew', async () => {
  const { at } = collecting();
  at(0, 'a');
  await Promise.resolve();
  expect(at(99, 'a')).toBe('a1');
  expect(at(100, 'a')).toBe('a1');
  await Promise.resolve();
  expect(at(101, 'a')).toBe('a2');
});

it('forgets what it knew and what was being collected', async () => {
  const { at, forget } = collecting();
  at(0, 'a');
  forget();
  await Promise.resolve();
  expect(at(1, 'a')).toBeUndefined();
  await Promise.resolve();
  expect(at(2, 'a')).toBe('a2');
});

it('keeps several documents', async () => {
  const { at } = collecting();
  at(0, 'a');
  at(1, 'b');
  await Promise.resolve();
  expect([at(2, 'a'), at(3, 'b'), at(200, 'a')]).toEqual(['a1', 'b2', 'a1']);
});
